// Modules with the exports of `policy.wasm`, or of an operator's rule, that do as a test wants.
import { ABI_VERSION } from "latchkey/policy";

const [I32, I64] = [0x7f, 0x7e];
const encoder = new TextEncoder();

/** An unsigned number, or a signed one that is not negative, in LEB128. */
function leb(number, isSigned = false) {
    const bytes = [];
    let rest = BigInt(number);
    for (;;) {
        const byte = Number(rest & 0x7fn);
        rest >>= 7n;
        if (rest === 0n && !(isSigned && byte & 0x40)) return [...bytes, byte];
        bytes.push(byte | 0x80);
    }
}

const vector = (items) => [...leb(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const name = (text) => vector([...encoder.encode(text)]);
const i32 = (number) => [0x41, ...leb(number, true)];
const UNREACHABLE = [0x00];

/** Where the outputs lie in memory, one after the other. */
const OUTPUTS = 1 << 16;

/**
 * A module with a memory of `pages` and these functions: `[name, parameters, result, body]`. `outputs` lie in memory; a body
 * that is a number gives the output of that number as a packed integer.
 */
function module(pages, outputs, functions) {
    const places = [];
    let at = OUTPUTS;
    for (const output of outputs) {
        places.push((BigInt(at) << 32n) | BigInt(output.length));
        at += output.length;
    }
    const body = (code) => (typeof code === "number" ? [0x42, ...leb(places[code], true)] : code);
    const bytes = [
        [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
        section(1, vector(functions.map(([, from, to]) => [0x60, ...vector(from), ...vector(to)]))),
        section(3, vector(functions.map((_, index) => leb(index)))),
        section(5, vector([[0x00, ...leb(pages)]])),
        section(
            7,
            vector([[...name("memory"), 0x02, 0x00], ...functions.map(([called], at) => [...name(called), 0x00, ...leb(at)])]),
        ),
        section(10, vector(functions.map(([, , , code]) => vector([0x00, ...body(code), 0x0b])))),
        section(11, vector([[0x00, ...i32(OUTPUTS), 0x0b, ...vector(outputs.flatMap((output) => [...output]))]])),
    ];
    return new WebAssembly.Module(new Uint8Array(bytes.flat()));
}

/**
 * A policy module. `report` is what `configure` gives. A frame above `limit` bytes traps; any other gets `step` and `body`.
 */
export function policy({ version = ABI_VERSION, report, step = {}, body = "", limit = 1 << 30, isBroken = false }) {
    const head = encoder.encode(JSON.stringify(step));
    const frame = new Uint8Array(4 + head.length + body.length);
    new DataView(frame.buffer).setUint32(0, head.length, true);
    frame.set(head, 4);
    frame.set(encoder.encode(body), 4 + head.length);
    // if (length > limit) unreachable
    const bounded = [0x20, 0x01, ...i32(limit), 0x4b, 0x04, 0x40, ...UNREACHABLE, 0x0b];
    const place = (BigInt(OUTPUTS + encoder.encode(JSON.stringify(report)).length) << 32n) | BigInt(frame.length);
    return module(
        128,
        [encoder.encode(JSON.stringify(report)), frame],
        [
            ["abi_version", [], [I32], i32(version)],
            ["alloc", [I32], [I32], i32(1 << 20)],
            ["free", [I32, I32], [], []],
            ["configure", [I32, I32], [I64], isBroken ? UNREACHABLE : 0],
            ["handle", [I32, I32], [I64], [...bounded, 0x42, ...leb(place, true)]],
        ],
    );
}

/** An operator's rule that gives this answer; without one it traps. */
export function rule(answer) {
    return module(
        32,
        [encoder.encode(answer ?? "")],
        [
            ["alloc", [I32], [I32], i32(1 << 20)],
            ["decide", [I32, I32], [I64], answer === undefined ? UNREACHABLE : 0],
        ],
    );
}

/** A module with nothing in it. */
export const empty = () => new WebAssembly.Module(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]));
