// Makes the table of signatures that every implementation must judge alike, the crates of the native
// tests and the runtime's WebCrypto: `node vectors.mjs`, once, since its keys are thrown away.
import { constants, createHash, createHmac, generateKeyPairSync, privateEncrypt, sign } from "node:crypto";
import { writeFileSync } from "node:fs";

const OUT = new URL("../../../generator/broadcaster/tests/signatures.json", import.meta.url);
const NOW = 1_800_000_000;
const SECRET = "better-auth-secret-of-the-tests";

const keys = [];
const tokens = [];

const encode = (bytes) => Buffer.from(bytes).toString("base64url");
const part = (value) => encode(JSON.stringify(value));
/** The bytes under a signature; a nonce makes them others. */
const signing = (alg, kid, nonce = 0) => `${part({ alg, kid })}.${part({ sub: "user_1", orgId: "org_1", iat: NOW - 60, exp: NOW + 3600, nonce })}`;

function number(bytes, little = false) {
  const big = little ? Buffer.from(bytes).reverse() : Buffer.from(bytes);
  return BigInt(`0x${big.toString("hex") || "0"}`);
}
function bytesOf(value, length, little = false) {
  const bytes = Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
  return little ? bytes.reverse() : bytes;
}

/** A row of the table, with a key of its own under its name unless it has none. */
function row(name, holds, alg, key, make, text = signing(alg, name)) {
  if (key) keys.push({ ...key, kid: name });
  tokens.push({ name, holds, token: `${text}.${typeof make === "string" ? make : encode(make instanceof Uint8Array ? make : make(text))}` });
}

// --- EdDSA ---------------------------------------------------------------------------------------

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;
const ed = generateKeyPairSync("ed25519");
const edJwk = ed.publicKey.export({ format: "jwk" });
const edSign = (text) => sign(null, Buffer.from(text), ed.privateKey);
const okp = (bytes, more) => ({ kty: "OKP", crv: "Ed25519", x: encode(bytes), ...more });
const challenge = (R, A, text) => number(createHash("sha512").update(R).update(A).update(text).digest(), true) % L;

/** The secret number of an Ed25519 key. */
function scalar(privateKey) {
  const hash = createHash("sha512").update(Buffer.from(privateKey.export({ format: "jwk" }).d, "base64url")).digest();
  hash[0] &= 248;
  hash[31] = (hash[31] & 127) | 64;
  return number(hash.subarray(0, 32), true);
}

const edChanged = (change) => (text) => change(Buffer.from(edSign(text)));
const withS = (S) => edChanged((signature) => Buffer.concat([signature.subarray(0, 32), bytesOf(S(number(signature.subarray(32), true)), 32, true)]));

row("EdDSA", true, "EdDSA", edJwk, edSign);
row("EdDSA, S not reduced", false, "EdDSA", edJwk, withS((S) => S + L));
row("EdDSA, S of 256 bits", false, "EdDSA", edJwk, withS((S) => S + 15n * L));
row("EdDSA, S is negative", false, "EdDSA", edJwk, withS((S) => L - S));
row("EdDSA, R is another", false, "EdDSA", edJwk, edChanged((signature) => ((signature[3] ^= 1), signature)));
row("EdDSA, 63 bytes", false, "EdDSA", edJwk, edChanged((signature) => signature.subarray(0, 63)));
row("EdDSA, 65 bytes", false, "EdDSA", edJwk, edChanged((signature) => Buffer.concat([signature, Buffer.from([0])])));
row("EdDSA, no bytes", false, "EdDSA", edJwk, Buffer.alloc(0));
row("EdDSA, only zeros", false, "EdDSA", edJwk, Buffer.alloc(64));
row("EdDSA, of another text", false, "EdDSA", edJwk, () => edSign("another"));
row("EdDSA, by another key", false, "EdDSA", edJwk, (text) => sign(null, Buffer.from(text), generateKeyPairSync("ed25519").privateKey));
row("EdDSA, 31 bytes of key", false, "EdDSA", okp(Buffer.from(edJwk.x, "base64url").subarray(0, 31)), edSign);
row("EdDSA, 33 bytes of key", false, "EdDSA", okp(Buffer.concat([Buffer.from(edJwk.x, "base64url"), Buffer.from([0])])), edSign);
row("EdDSA, padded key", false, "EdDSA", { ...edJwk, x: `${edJwk.x}=` }, edSign);
row("EdDSA, no point", false, "EdDSA", okp(bytesOf(2n, 32, true)), edSign);
row("EdDSA, X25519", false, "EdDSA", { ...edJwk, crv: "X25519" }, edSign);
row("EdDSA, Ed448", false, "EdDSA", generateKeyPairSync("ed448").publicKey.export({ format: "jwk" }), edSign);
row("EdDSA, a private key", false, "EdDSA", ed.privateKey.export({ format: "jwk" }), edSign);
row("EdDSA, a key for another algorithm", false, "EdDSA", { ...edJwk, alg: "ES256" }, edSign);
row("EdDSA, a key for encryption", false, "EdDSA", { ...edJwk, use: "enc" }, edSign);
row("EdDSA, said to be ES256", false, "ES256", edJwk, edSign);
row("EdDSA, by its newer name", false, "Ed25519", edJwk, edSign);

// Keys of small order take what nobody signed: whenever the challenge is a multiple of the order,
// the point at R is the neutral one, and S is 0.
const EIGHTH = number(Buffer.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "hex"), true);
const SMALL = { 1: [1n, P + 1n], 2: [P - 1n], 4: [0n, P], 8: [EIGHTH, P - EIGHTH] };
const neutral = bytesOf(1n, 32, true);
for (const [order, ys] of Object.entries(SMALL)) {
  for (const y of ys) {
    for (const signBit of [0n, 1n]) {
      const point = bytesOf(y + (signBit << 255n), 32, true);
      const name = `EdDSA, a key of order ${order}, ${point.toString("hex")}`;
      let nonce = 0;
      while (challenge(neutral, point, signing("EdDSA", name, nonce)) % 8n !== 0n) nonce += 1;
      row(name, false, "EdDSA", okp(point), Buffer.concat([neutral, Buffer.alloc(32)]), signing("EdDSA", name, nonce));
    }
  }
}
// The same point as R, under an honest key by whoever has it.
const a = scalar(ed.privateKey);
const A = Buffer.from(edJwk.x, "base64url");
for (const [name, R] of Object.entries({ "EdDSA, R is neutral": neutral, "EdDSA, R is neutral and not reduced": bytesOf(P + 1n, 32, true) })) {
  row(name, false, "EdDSA", edJwk, (text) => Buffer.concat([R, bytesOf((challenge(R, A, text) * a) % L, 32, true)]));
}
// A key that is the sum of an honest one and the point of order 2: what is signed by the honest one
// holds where the challenge is even, and without regard to the cofactor only there.
const mixed = Buffer.from(A);
const y = number(A, true) & (2n ** 255n - 1n);
bytesOf(P - y, 32, true).copy(mixed);
mixed[31] |= ~A[31] & 0x80;
const nonceKey = generateKeyPairSync("ed25519");
const R = Buffer.from(nonceKey.publicKey.export({ format: "jwk" }).x, "base64url");
for (const [name, parity] of [["EdDSA, a key of mixed order, even", 0n], ["EdDSA, a key of mixed order, odd", 1n]]) {
  let nonce = 0;
  while (challenge(R, mixed, signing("EdDSA", name, nonce)) % 2n !== parity) nonce += 1;
  const text = signing("EdDSA", name, nonce);
  const S = (scalar(nonceKey.privateKey) + challenge(R, mixed, text) * a) % L;
  row(name, parity === 0n, "EdDSA", okp(mixed), Buffer.concat([R, bytesOf(S, 32, true)]), text);
}

// --- ES256 ---------------------------------------------------------------------------------------

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ecJwk = ec.publicKey.export({ format: "jwk" });
const ecSign = (text, hash = "sha256", encoding = "ieee-p1363") => sign(hash, Buffer.from(text), { key: ec.privateKey, dsaEncoding: encoding });
const ecParts = (change) => (text) => {
  const signature = ecSign(text);
  const [r, s] = change(number(signature.subarray(0, 32)), number(signature.subarray(32)));
  return Buffer.concat([bytesOf(r, 32), bytesOf(s, 32)]);
};
const low = (s) => (s > N / 2n ? N - s : s);

row("ES256, low s", true, "ES256", ecJwk, ecParts((r, s) => [r, low(s)]));
row("ES256, high s", true, "ES256", ecJwk, ecParts((r, s) => [r, N - low(s)]));
row("ES256, r is 0", false, "ES256", ecJwk, ecParts((_r, s) => [0n, s]));
row("ES256, s is 0", false, "ES256", ecJwk, ecParts((r) => [r, 0n]));
row("ES256, both are 0", false, "ES256", ecJwk, Buffer.alloc(64));
row("ES256, r is the order", false, "ES256", ecJwk, ecParts((_r, s) => [N, s]));
row("ES256, s is the order", false, "ES256", ecJwk, ecParts((r) => [r, N]));
row("ES256, both are 256 ones", false, "ES256", ecJwk, Buffer.alloc(64, 0xff));
row("ES256, r and s changed places", false, "ES256", ecJwk, ecParts((r, s) => [s, r]));
row("ES256, DER", false, "ES256", ecJwk, (text) => ecSign(text, "sha256", "der"));
row("ES256, 63 bytes", false, "ES256", ecJwk, (text) => ecSign(text).subarray(0, 63));
row("ES256, 65 bytes", false, "ES256", ecJwk, (text) => Buffer.concat([ecSign(text), Buffer.from([0])]));
row("ES256, no bytes", false, "ES256", ecJwk, Buffer.alloc(0));
row("ES256, over SHA-384", false, "ES256", ecJwk, (text) => ecSign(text, "sha384"));
row("ES256, of another text", false, "ES256", ecJwk, () => ecSign("another"));
row("ES256, by another key", false, "ES256", generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }), (text) => ecSign(text));
const moved = Buffer.from(ecJwk.y, "base64url");
moved[31] ^= 1;
row("ES256, no point", false, "ES256", { ...ecJwk, y: encode(moved) }, (text) => ecSign(text));
row("ES256, a point of zeros", false, "ES256", { ...ecJwk, x: encode(Buffer.alloc(32)), y: encode(Buffer.alloc(32)) }, (text) => ecSign(text));
row("ES256, a coordinate beyond the field", false, "ES256", { ...ecJwk, x: encode(Buffer.alloc(32, 0xff)) }, (text) => ecSign(text));
row("ES256, a coordinate of 33 bytes", false, "ES256", { ...ecJwk, x: encode(Buffer.concat([Buffer.from([0]), Buffer.from(ecJwk.x, "base64url")])) }, (text) => ecSign(text));
for (const [name, namedCurve] of [["ES256, P-384", "P-384"], ["ES256, secp256k1", "secp256k1"]]) {
  const other = generateKeyPairSync("ec", { namedCurve });
  const otherSign = (text) => sign("sha256", Buffer.from(text), { key: other.privateKey, dsaEncoding: "ieee-p1363" });
  row(name, false, "ES256", other.publicKey.export({ format: "jwk" }), otherSign);
  row(`${name}, said to be P-256`, false, "ES256", { ...other.publicKey.export({ format: "jwk" }), crv: "P-256" }, otherSign);
}
row("ES256, said to be ES384", false, "ES384", ecJwk, (text) => ecSign(text));
row("ES256, in small letters", false, "es256", ecJwk, (text) => ecSign(text));

// --- RS256 ---------------------------------------------------------------------------------------

const rsaKey = (modulusLength, publicExponent = 65537) => generateKeyPairSync("rsa", { modulusLength, publicExponent });
const rsa = rsaKey(2048);
const rsaJwk = rsa.publicKey.export({ format: "jwk" });
const rsaSign = (text, hash = "sha256", key = rsa.privateKey) => sign(hash, Buffer.from(text), key);
const raw = (padded) => privateEncrypt({ key: rsa.privateKey, padding: constants.RSA_NO_PADDING }, padded);
const sha256 = (text) => createHash("sha256").update(text).digest();
const INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");
const INFO_WITHOUT_NULL = Buffer.from("302f300b0609608648016503040201" + "0420", "hex");
/** A block of 256 bytes: 0, 1, as many ones as are asked for, 0, what follows, and zeros. */
const block = (ones, after) => Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(ones, 0xff), Buffer.from([0]), after, Buffer.alloc(253 - ones - after.length)]);

row("RS256", true, "RS256", rsaJwk, (text) => rsaSign(text));
for (const [bits, exponent, holds] of [[2048, 3, true], [2048, 17, true], [2048, 5, false], [2048, 257, false], [2048, 0xffffffff, false], [3072, 65537, true], [4096, 65537, true], [8192, 65537, true], [1024, 65537, false], [2040, 65537, false], [2041, 65537, true], [2047, 65537, true], [2049, 65537, true]]) {
  const pair = rsaKey(bits, exponent);
  row(`RS256, ${bits} bits, exponent ${exponent}`, holds, "RS256", pair.publicKey.export({ format: "jwk" }), (text) => rsaSign(text, "sha256", pair.privateKey));
}
const zero = (text) => encode(Buffer.concat([Buffer.from([0]), Buffer.from(text, "base64url")]));
row("RS256, a modulus that begins with 0", true, "RS256", { ...rsaJwk, n: zero(rsaJwk.n) }, (text) => rsaSign(text));
row("RS256, an exponent that begins with 0", true, "RS256", { ...rsaJwk, e: zero(rsaJwk.e) }, (text) => rsaSign(text));
row("RS256, exponent 1", false, "RS256", { ...rsaJwk, e: "AQ" }, (text) => block(202, Buffer.concat([INFO, sha256(text)])));
row("RS256, exponent 2", false, "RS256", { ...rsaJwk, e: "Ag" }, (text) => rsaSign(text));
row("RS256, exponent 0", false, "RS256", { ...rsaJwk, e: "AA" }, (text) => rsaSign(text));
row("RS256, no exponent", false, "RS256", { ...rsaJwk, e: "" }, (text) => rsaSign(text));
row("RS256, an exponent of 34 bits", false, "RS256", { ...rsaJwk, e: encode(bytesOf(2n ** 33n + 1n, 5)) }, (text) => rsaSign(text));
row("RS256, an exponent of 9 bytes", false, "RS256", { ...rsaJwk, e: encode(bytesOf(2n ** 64n + 1n, 9)) }, (text) => rsaSign(text));
const modulus = number(Buffer.from(rsaJwk.n, "base64url"));
row("RS256, an even modulus", false, "RS256", { ...rsaJwk, n: encode(bytesOf(modulus - 1n, 256)) }, (text) => rsaSign(text));
row("RS256, a modulus of 8,200 bits", false, "RS256", { ...rsaJwk, n: encode(Buffer.alloc(1025, 0xff)) }, Buffer.alloc(1025, 1));
row("RS256, 255 bytes", false, "RS256", rsaJwk, (text) => rsaSign(text).subarray(0, 255));
row("RS256, 257 bytes", false, "RS256", rsaJwk, (text) => Buffer.concat([rsaSign(text), Buffer.from([0])]));
row("RS256, begins with 0 too much", false, "RS256", rsaJwk, (text) => Buffer.concat([Buffer.from([0]), rsaSign(text)]));
row("RS256, no bytes", false, "RS256", rsaJwk, Buffer.alloc(0));
row("RS256, the signature is 0", false, "RS256", rsaJwk, Buffer.alloc(256));
row("RS256, the signature is the modulus", false, "RS256", rsaJwk, bytesOf(modulus, 256));
for (const [name, is, change] of [
  ["RS256, begins with 0", (s) => s[0] === 0, null],
  ["RS256, begins with 0 that is left out", (s) => s[0] === 0, (s) => s.subarray(1)],
  ["RS256, larger than the modulus", (s) => number(s) + modulus < 2n ** 2048n, (s) => bytesOf(number(s) + modulus, 256)],
]) {
  let nonce = 0;
  while (!is(rsaSign(signing("RS256", name, nonce)))) nonce += 1;
  const text = signing("RS256", name, nonce);
  row(name, change === null, "RS256", rsaJwk, change ? change(rsaSign(text)) : rsaSign(text), text);
}
row("RS256, over SHA-1", false, "RS256", rsaJwk, (text) => rsaSign(text, "sha1"));
row("RS256, over SHA-512", false, "RS256", rsaJwk, (text) => rsaSign(text, "sha512"));
const pss = (text) => sign("sha256", Buffer.from(text), { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
row("RS256, PSS", false, "RS256", rsaJwk, pss);
row("PS256", false, "PS256", rsaJwk, pss);
row("RS256, padded as it should be", true, "RS256", rsaJwk, (text) => raw(block(202, Buffer.concat([INFO, sha256(text)]))));
row("RS256, without NULL", false, "RS256", rsaJwk, (text) => raw(block(204, Buffer.concat([INFO_WITHOUT_NULL, sha256(text)]))));
row("RS256, the hash alone", false, "RS256", rsaJwk, (text) => raw(block(221, sha256(text))));
row("RS256, padded too little", false, "RS256", rsaJwk, (text) => raw(block(8, Buffer.concat([INFO, sha256(text)]))));
row("RS256, padded for encryption", false, "RS256", rsaJwk, (text) => {
  const padded = block(202, Buffer.concat([INFO, sha256(text)]));
  padded[1] = 2;
  return raw(padded);
});
row("RS256, of another text", false, "RS256", rsaJwk, () => rsaSign("another"));
row("RS256, a key for PS256", false, "RS256", { ...rsaJwk, alg: "PS256" }, (text) => rsaSign(text));
row("RS256, said to be EdDSA", false, "EdDSA", rsaJwk, (text) => rsaSign(text));

// --- Of no algorithm of the keys -----------------------------------------------------------------

const hmac = (secret, hash = "sha256") => (text) => createHmac(hash, secret).update(text).digest();
row("none", false, "none", edJwk, "");
row("none, with a signature", false, "none", edJwk, edSign);
row("HS256 by a public key", false, "HS256", rsaJwk, hmac(rsa.publicKey.export({ format: "pem", type: "spki" })));
row("HS256 by the secret", false, "HS256", null, hmac(SECRET));
row("EdDSA, base64 with padding", false, "EdDSA", edJwk, `${encode(edSign(signing("EdDSA", "EdDSA, base64 with padding")))}==`);
row("EdDSA, base64 with bits left over", false, "EdDSA", edJwk, (() => {
  const text = encode(edSign(signing("EdDSA", "EdDSA, base64 with bits left over")));
  // 64 bytes leave four bits of the last letter unused.
  return text.slice(0, -1) + { A: "B", Q: "R", g: "h", w: "x" }[text.at(-1)];
})());

// --- The secret ----------------------------------------------------------------------------------

const underSecret = [];
const secretRow = (name, holds, alg, make) => {
  const text = signing(alg, undefined);
  underSecret.push({ name, holds, token: `${text}.${encode(make(text))}` });
};
secretRow("HS256", true, "HS256", hmac(SECRET));
secretRow("HS256 by another secret", false, "HS256", hmac("another"));
secretRow("HS256 by no secret", false, "HS256", hmac(""));
secretRow("HS256, cut off", false, "HS256", (text) => hmac(SECRET)(text).subarray(0, 16));
secretRow("HS256, a byte more", false, "HS256", (text) => Buffer.concat([hmac(SECRET)(text), Buffer.from([0])]));
secretRow("HS256, no bytes", false, "HS256", () => Buffer.alloc(0));
secretRow("HS384", false, "HS384", hmac(SECRET, "sha384"));
secretRow("HS512, said to be HS256", false, "HS256", hmac(SECRET, "sha512"));
secretRow("HS256, said to be none", false, "none", hmac(SECRET));
secretRow("HS256, said to be RS256", false, "RS256", hmac(SECRET));
secretRow("EdDSA under a secret", false, "EdDSA", edSign);

const table = {
  about: "Made by tests/e2e/worker/vectors.mjs, with keys that were thrown away; `now` is the second at which it holds.",
  now: NOW,
  secret: SECRET,
  jwks: { keys },
  underKeys: tokens,
  underSecret,
};
writeFileSync(OUT, `${JSON.stringify(table, null, 1)}\n`);
