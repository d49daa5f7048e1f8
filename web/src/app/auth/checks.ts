/** What the forms before sign-in check before they ask the server. */
import { t } from "@lingui/core/macro";
import { z } from "zod";

export const MIN_PASSWORD = 8;
const MAX_PASSWORD = 1024;

export function emailCheck() {
  return z
    .string()
    .trim()
    .min(1, t`Enter your email address.`)
    .pipe(z.email(t`This is no email address.`));
}

export function newPasswordCheck() {
  return z
    .string()
    .min(MIN_PASSWORD, t`At least ${MIN_PASSWORD} characters.`)
    .max(MAX_PASSWORD, t`At most ${MAX_PASSWORD} characters.`);
}

export function givenCheck(message: string) {
  return z.string().trim().min(1, message);
}
