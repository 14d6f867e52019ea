import { create } from "@bufbuild/protobuf";
import { PageInfoSchema, type PageInfo, type PageRequest } from "../../gen/pawl/v1/common_pb.ts";
import {
  filterCharactersMax,
  pageSizeDefault,
  pageSizeMax,
  pageTokenCharactersMax,
} from "../limits.ts";
import { quoted, type Violations } from "../violations.ts";

export interface PageQuery {
  readonly pageSize: number;
  readonly pageToken?: string;
}

interface PageRules {
  /** Accepted `order_by` texts beside "". */
  readonly orders?: readonly string[];
  readonly hasFilter?: boolean;
}

/** The page a caller asks for: size 0 is the default, sizes above the limit are cut to it. */
export function pageQueryOf(
  page: PageRequest | undefined,
  violations: Violations,
  rules: PageRules = {},
): PageQuery {
  if (page === undefined) return { pageSize: pageSizeDefault };
  if (page.pageSize < 0)
    violations.add("page.page_size", `is ${page.pageSize}; it must not be negative`, "PAGE_SIZE");
  if (page.pageToken.length > pageTokenCharactersMax)
    violations.add("page.page_token", "is no token of this server", "PAGE_TOKEN");
  if (page.orderBy !== "" && !(rules.orders ?? []).includes(page.orderBy.trim().toLowerCase())) {
    const accepted = (rules.orders ?? []).map((order) => `"${order}"`).join(", ");
    violations.add(
      "page.order_by",
      `is ${quoted(page.orderBy)}; ${accepted === "" ? "it can not be chosen here" : `accepted are ${accepted}`}`,
      "ORDER_BY",
    );
  }
  if (rules.hasFilter !== true && page.filter.trim() !== "") {
    violations.add(
      "page.filter",
      `is ${quoted(page.filter)}; this list can not be filtered`,
      "FILTER",
    );
  }
  if (page.filter.length > filterCharactersMax) {
    violations.add(
      "page.filter",
      `has ${page.filter.length} characters; the limit is ${filterCharactersMax}`,
      "FILTER",
    );
  }
  return {
    pageSize: page.pageSize === 0 ? pageSizeDefault : Math.min(page.pageSize, pageSizeMax),
    ...(page.pageToken !== "" && { pageToken: page.pageToken }),
  };
}

export function pageInfoOf(nextPageToken: string | undefined): PageInfo {
  return create(PageInfoSchema, { nextPageToken: nextPageToken ?? "", totalSize: -1n });
}
