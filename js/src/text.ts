// Takes JSON apart without reading it: values stay as they were written, with their digits and the order of their
// members.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const COMMA = 0x2c;

/** The items of an array, each as it is written. `text` is well-formed JSON. */
export function items(text: string): string[] {
    const found: string[] = [];
    let depth = 0;
    let from = 0;
    const add = (to: number): void => {
        const part = text.slice(from, to).trim();
        if (part !== "") found.push(part);
        from = to + 1;
    };
    for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === QUOTE) {
            at = endOfString(text, at);
        } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
            if (++depth === 1) from = at + 1;
        } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
            if (depth-- === 1) add(at);
        } else if (code === COMMA && depth === 1) {
            add(at);
        }
    }
    return found;
}

/** The members of an object, each value as it is written. `text` is well-formed JSON. */
export function members(text: string): Map<string, string> {
    return new Map(
        items(text).map((member) => {
            const end = endOfString(member, 0) + 1;
            return [JSON.parse(member.slice(0, end)), member.slice(member.indexOf(":", end) + 1).trim()];
        }),
    );
}

/** The text of an object with these members. */
export function object(values: Map<string, string>): string {
    return `{${Array.from(values, ([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`;
}

/** The text with every string that is a value, and no member's name, replaced by what `change` makes of it. */
export function mapStrings(text: string, change: (value: string) => string): string {
    let out = "";
    let from = 0;
    for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', from)) {
        const end = endOfString(text, at) + 1;
        const written = text.slice(at, end);
        const isName = /^\s*:/.test(text.slice(end, end + 64));
        out += text.slice(from, at) + (isName ? written : JSON.stringify(change(JSON.parse(written))));
        from = end;
    }
    return out + text.slice(from);
}

/** The place of the quote that ends the string beginning at `at`. */
function endOfString(text: string, at: number): number {
    for (let next = at + 1; next < text.length; next++) {
        const code = text.charCodeAt(next);
        if (code === BACKSLASH) next++;
        else if (code === QUOTE) return next;
    }
    return text.length;
}
