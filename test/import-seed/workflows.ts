import { readFileSync } from "node:fs";

/** A definition as the library reads it: two operators in a rule, numbers as Version, `$` texts. */
function libraryWorkflow(name: string): string {
  const file = new URL(`../../examples/seed/library/${name}.yaml`, import.meta.url);
  return readFileSync(file, "utf8");
}

export const orderProcessing = libraryWorkflow("order_processing");
export const paymentFlow = libraryWorkflow("payment_flow");
export const userRegistration = libraryWorkflow("user_registration");
