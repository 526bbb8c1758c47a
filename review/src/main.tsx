import { createRoot } from "react-dom/client";
import { tellTime } from "./api/clock";
import { ownTransport, withCredential } from "./api/transport";
import { App } from "./app/app";
import { refuseToken, session } from "./app/session";
import "./styles/all.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
const transport = ownTransport(
  withCredential(() => session.get().token, refuseToken),
  tellTime,
);
createRoot(root).render(<App transport={transport} />);
