import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const apiUrl = process.env["API_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    target: "es2023",
    // `data:` URLs are refused by a strict Content-Security-Policy, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": { target: apiUrl, changeOrigin: true } } },
});
