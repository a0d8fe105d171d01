import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "@/app/app";
import { applyTheme } from "@/app/theme";
import { loadConfig } from "@/data/config";
import { connectFirebase } from "@/data/firebase";

import "@/ui/base.css";

applyTheme();
const start = loadConfig().then((config) => ({ config, firebase: connectFirebase(config) }));

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App start={start} />
  </StrictMode>,
);
