/** Devices by what they say of themselves. */
import { expect, it } from "vitest";
import { deviceOf } from "./user-agent";

it("knows the common ones apart", () => {
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0";
  expect(deviceOf(edge)).toEqual({ browser: "Edge", system: "Windows", handheld: false });
  const phone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1";
  expect(deviceOf(phone)).toEqual({ browser: "Safari", system: "iPhone", handheld: true });
  const android =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";
  expect(deviceOf(android)).toEqual({ browser: "Chrome", system: "Android", handheld: true });
  expect(deviceOf("curl/7.88.1")).toEqual({ browser: "curl", system: null, handheld: false });
  expect(deviceOf("")).toEqual({ browser: null, system: null, handheld: false });
});
