/** The typed client is made from the API document that the repository keeps. */
import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "../generated/openapi.json",
  output: { path: "src/api", clean: true },
  plugins: ["@hey-api/typescript", "@hey-api/client-fetch"],
});
