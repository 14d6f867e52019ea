import { compileDefinition } from "../asl/index.ts";
import type { Definition } from "../asl/index.ts";
import { findRevision } from "../store/reads/state-machines.ts";
import type { Store } from "../store/open-store.ts";

/** Characters of definition text whose compiled forms are kept; a compiled form is several times its text. */
const charactersMax = 64 * 1024 * 1024;

/**
 * Compiled definitions by revision id. A revision never changes, so an entry never grows stale; the
 * least recently used go when there are too many.
 */
export class Definitions {
  readonly #store: Pick<Store, "orm">;
  readonly #kept = new Map<
    string,
    { readonly definition: Promise<Definition>; characters: number }
  >();
  #characters = 0;

  constructor(store: Pick<Store, "orm">) {
    this.#store = store;
  }

  /** @throws Error when there is no such revision, or none that this version of Pawl can compile. */
  get(revisionId: string): Promise<Definition> {
    const kept = this.#kept.get(revisionId);
    if (kept === undefined) return this.#load(revisionId);
    // The last one in the map is the last one used.
    this.#kept.delete(revisionId);
    this.#kept.set(revisionId, kept);
    return kept.definition;
  }

  /** Keeps what was compiled anyway, for a revision that was just committed. */
  put(revisionId: string, definition: Definition, text: string): void {
    if (this.#kept.has(revisionId)) return;
    this.#kept.set(revisionId, { definition: Promise.resolve(definition), characters: 0 });
    this.#keep(revisionId, text.length);
  }

  #load(revisionId: string): Promise<Definition> {
    const entry = { definition: this.#compile(revisionId), characters: 0 };
    this.#kept.set(revisionId, entry);
    // A failure is not kept: the database may have been away.
    entry.definition.catch(() => this.#kept.delete(revisionId));
    return entry.definition;
  }

  async #compile(revisionId: string): Promise<Definition> {
    const revision = await findRevision(this.#store.orm, revisionId);
    if (revision === undefined)
      throw new Error(`revision ${revisionId} of a state machine is not in the database`);
    const { definition, diagnostics } = compileDefinition(revision.definition, {
      format: revision.format,
      type: revision.type,
    });
    if (definition === undefined) {
      const [first] = diagnostics;
      throw new Error(
        `revision ${revisionId} does not compile any more: ${first?.message ?? ""} at ${first?.pointer ?? ""}`,
      );
    }
    this.#keep(revisionId, revision.definition.length);
    return definition;
  }

  #keep(revisionId: string, characters: number): void {
    const entry = this.#kept.get(revisionId);
    if (entry === undefined) return;
    entry.characters = characters;
    this.#characters += characters;
    for (const [id, { characters: others }] of this.#kept) {
      if (this.#characters <= charactersMax) return;
      if (id === revisionId || others === 0) continue;
      this.#kept.delete(id);
      this.#characters -= others;
    }
  }
}
