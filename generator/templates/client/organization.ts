/** Of more bytes is no organization's id that a worker takes: its objects are named by it. */
const MOST_BYTES = 1020;

/** Why no worker takes an organization. */
interface Refusal {
  readonly error: string;
  readonly reason: string;
}

/** What is wrong with an organization's id, whichever worker it is meant for. */
export function refusalOf(organizationId: unknown): Refusal | null {
  if (typeof organizationId !== "string" || organizationId === "") {
    return {
      error: "`organizationId` must be a string, not empty.",
      reason: "There is no organization.",
    };
  }
  // No character has more units than bytes.
  if (
    organizationId.length <= MOST_BYTES &&
    bytes(organizationId) <= MOST_BYTES
  )
    return null;
  return {
    error: `\`organizationId\` takes more than ${MOST_BYTES} bytes, so no worker accepts it.`,
    reason: "The organization's id is too long.",
  };
}

/** How many bytes an id takes in the name of an object, in which `%` and `#` are escaped. */
function bytes(id: string): number {
  let sum = 0;
  for (const character of id) {
    const code = character.codePointAt(0) ?? 0;
    if (character === "%" || character === "#") sum += 3;
    else if (code < 0x80) sum += 1;
    else if (code < 0x800) sum += 2;
    else if (code < 0x10000) sum += 3;
    else sum += 4;
  }
  return sum;
}
