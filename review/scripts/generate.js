// Generates the messages and clients of ../proto into gen/, which is not
// committed. protoc is the system's, its plugin comes from npm.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const protos = join(root, "..", "proto");
const files = readdirSync(join(protos, "frank", "v1"))
  .filter((name) => name.endsWith(".proto"))
  .map((name) => join("frank", "v1", name));

rmSync(join(root, "gen"), { recursive: true, force: true });
mkdirSync(join(root, "gen"));
execFileSync(
  "protoc",
  [
    `--plugin=protoc-gen-es=${join(root, "node_modules", ".bin", "protoc-gen-es")}`,
    `--proto_path=${protos}`,
    `--es_out=${join(root, "gen")}`,
    "--es_opt=target=ts",
    ...files,
    join("google", "rpc", "error_details.proto"),
  ],
  { stdio: "inherit" },
);
