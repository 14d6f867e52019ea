// Installs the tools (buf, oxlint, ...) that are kept out of the main tree. The other scripts do it too.

import "./require-node.mjs";
import { installTools } from "./run.mjs";

installTools();
