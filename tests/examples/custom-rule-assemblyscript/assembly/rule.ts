// A custom rule for Latchkey: the alias of a team's key begins with the team's id and a dash.
//
// The question is JSON without spaces between its tokens. Texts are compared and answered as it has them, escapes
// and all, so that nothing has to be unescaped.

/** Room for `length` bytes of input. Each question gets a fresh instance, so that nothing need be freed. */
export function alloc(length: i32): usize {
  return heap.alloc(length);
}

/** Judges the question at `at`; the answer's address in the high, its length in the low 32 bits. */
export function decide(at: usize, length: i32): u64 {
  const answer = String.UTF8.encode(judge(at));
  return (u64(changetype<usize>(answer)) << 32) | u64(answer.byteLength);
}

function judge(question: usize): string {
  const key = member(question, "effective_key");
  const team = text(member(key, "team_id"));
  const alias = text(member(key, "key_alias"));
  if (team.length == 0 || alias.startsWith(team + "-")) return '{"decision":true}';
  return '{"decision":false,"message":"the alias of a key of team ' + team + " must begin with " + team + '-"}';
}

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const BACKSLASH: u8 = 0x5c;
const OPEN: u8 = 0x7b;

/** The address of a member's value; 0 without such a member or object. */
function member(object: usize, name: string): usize {
  if (object == 0 || load<u8>(object) != OPEN) return 0;
  let at = object + 1;
  while (load<u8>(at) == QUOTE) {
    const value = afterText(at) + 1;
    if (text(at) == name) return value;
    at = after(value);
    if (load<u8>(at) == COMMA) at++;
  }
  return 0;
}

/** The characters between the quotes of the text at `at`; empty if there is no text. */
function text(at: usize): string {
  if (at == 0 || load<u8>(at) != QUOTE) return "";
  return String.UTF8.decodeUnsafe(at + 1, afterText(at) - at - 2);
}

/** Where the text that begins at `at` has ended. */
function afterText(at: usize): usize {
  at++;
  while (load<u8>(at) != QUOTE) at += load<u8>(at) == BACKSLASH ? 2 : 1;
  return at + 1;
}

/** Where the value that begins at `at` has ended: what follows is a comma or the end of the list or object around it. */
function after(at: usize): usize {
  let depth = 0;
  while (true) {
    const byte = load<u8>(at);
    const closes = byte == 0x7d || byte == 0x5d;
    if (depth == 0 && (closes || byte == COMMA)) return at;
    if (byte == QUOTE) {
      at = afterText(at);
      continue;
    }
    if (byte == OPEN || byte == 0x5b) depth++;
    if (closes) depth--;
    at++;
  }
}
