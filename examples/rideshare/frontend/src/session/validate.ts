import type { Role } from "../api/contract.ts";
import type { Registration } from "./entry.ts";

export type EntryMode = "sign-in" | Role;
export type FieldErrors = Partial<Record<keyof Registration, string>>;

const shortestPassword = 8;

/** The fields that keep the form from being sent, each with a sentence that says how to mend it. */
export function validate(mode: EntryMode, form: Registration): FieldErrors {
  const errors: FieldErrors = {};
  if (!form.email.trim()) errors.email = "Enter your email address.";
  else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(form.email.trim()))
    errors.email = "Enter a whole email address, like anna@example.com.";
  if (!form.password) errors.password = "Enter your password.";
  if (mode === "sign-in") return errors;

  if (form.password && form.password.length < shortestPassword)
    errors.password = `Use at least ${shortestPassword} characters.`;
  if (!form.name.trim()) errors.name = "Enter your name: the other person sees it.";
  if (mode === "driver") {
    if (!form.vehicle.trim()) errors.vehicle = "Enter the car's make and colour.";
    if (!form.plate.trim()) errors.plate = "Enter the registration plate.";
    else if (!/^[A-Za-z]{3} ?\d{2}[A-Za-z0-9]$/.test(form.plate.trim()))
      errors.plate = "A plate looks like ABC 123 or ABC 12D.";
  }
  return errors;
}
