import { useEffect, useRef, useState, useSyncExternalStore } from "react";

/** The first picture of a blob; null: it cannot be drawn. */
export function useStill(blob: Blob | undefined): ImageBitmap | null | undefined {
  const [still, setStill] = useState<ImageBitmap | null>();
  useEffect(() => {
    if (!blob) return;
    let made: ImageBitmap | null = null;
    let isGone = false;
    void createImageBitmap(blob)
      .catch(() => null)
      .then((bitmap) => {
        made = bitmap;
        if (isGone) made?.close();
        else setStill(bitmap);
      });
    return () => {
      isGone = true;
      made?.close();
      setStill(undefined);
    };
  }, [blob]);
  return still;
}

/** A picture that does not move, whatever it was made from. */
export function Still(props: { picture: ImageBitmap; label: string; className: string }) {
  const { picture, label, className } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext("2d")?.drawImage(picture, 0, 0);
  }, [picture]);
  const { width, height } = picture;
  return (
    <span role="img" aria-label={label}>
      <canvas ref={canvas} className={className} width={width} height={height} />
    </span>
  );
}

const REDUCED = "(prefers-reduced-motion: reduce)";

function follow(tell: () => void): () => void {
  const query = window.matchMedia(REDUCED);
  query.addEventListener("change", tell);
  return () => {
    query.removeEventListener("change", tell);
  };
}

/** Whether somebody asked for as little motion as can be. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(follow, () => window.matchMedia(REDUCED).matches);
}
