import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import { truncatedPayloadCharacters } from "../limits.ts";

export interface ViewedPayload {
  readonly text: string;
  readonly isTruncated: boolean;
}

/** A JSON document as much as the view shows of it; "" when absent or not shown. */
export function viewed(text: string | undefined, view: PayloadView): ViewedPayload {
  if (text === undefined || view === PayloadView.NONE) return nothing;
  if (view === PayloadView.TRUNCATED && text.length > truncatedPayloadCharacters) {
    return { text: text.slice(0, truncatedPayloadCharacters).toWellFormed(), isTruncated: true };
  }
  return { text, isTruncated: false };
}

/** The view that counts when the caller named none. */
export function viewOr(view: PayloadView, otherwise: PayloadView): PayloadView {
  return view === PayloadView.UNSPECIFIED ? otherwise : view;
}

const nothing: ViewedPayload = { text: "", isTruncated: false };
