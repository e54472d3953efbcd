import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadConfig } from "./shell/config.ts";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/forms.css";
import "./styles/ride.css";
import "./styles/map.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const config = await loadConfig();
createRoot(root).render(
  <StrictMode>
    <App config={config} />
  </StrictMode>,
);
