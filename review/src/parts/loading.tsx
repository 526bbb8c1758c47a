/** Something is on its way; says so only after a moment, so that nothing flickers. */
export function Loading({ what = "Loading" }: { what?: string }) {
  return (
    <p className="loading" role="status">
      {what} …
    </p>
  );
}
