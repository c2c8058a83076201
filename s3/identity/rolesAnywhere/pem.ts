import { S3Failure } from '../../S3Failure';

/** A field that something is pasted into. */
export interface Field {
	/** As the credential calls it. */
	readonly name: string;
	readonly holds: 'certificate' | 'private key';
}

/** One PEM block of the pasted text. */
export interface PemBlock {
	/** As in `-----BEGIN label-----`. */
	readonly label: string;
	/** Lines of a legacy encrypted key that say how it is encrypted; else empty. */
	readonly encryption: string;
	readonly der: Buffer;
}

const BEGIN = '-----BEGIN ';
const ARMOUR = /-----BEGIN ([A-Z0-9 ]+)-----([^]*?)(?=-----BEGIN |$)/g;
/** Without line breaks, only the known length of the IV shows where it ends and the key begins. */
const LEGACY_ENCRYPTION =
	/^\s*Proc-Type:\s*4,\s*ENCRYPTED\s*DEK-Info:\s*([A-Z0-9-]+)\s*,\s*(?=[0-9A-F])((?<=AES[^,]*,\s*)[0-9A-F]{32}|[0-9A-F]{16})\s*/i;

/**
 * The PEM blocks of pasted text: with line breaks of any form or none, quotes, indentation, text
 * between the blocks, or base64 without BEGIN and END lines.
 * @throws S3Failure that says what was pasted instead; never any of it
 */
export function blocksOf(pasted: string, field: Field): PemBlock[] {
	const text = unescaped(pasted);
	if (text === '') throw missing(field);
	if (text.includes(BEGIN)) {
		const found = [...text.matchAll(ARMOUR)];
		if (found.length === 0) throw unreadableField(field);
		return found.map(([, label = '', rest = '']) => blockOf(label, rest, field));
	}
	const bare = bareBytes(text);
	if (bare === undefined) throw notPem(text, field);
	const inner = bare.toString('latin1');
	if (inner.includes(BEGIN)) return blocksOf(inner, field);
	return [{ label: labelOf(bare), encryption: '', der: bare }];
}

/**
 * Undoes what forms, JSON and editors do to text. What is repeated is looked for where it begins only: otherwise
 * the time would grow with the square of its length.
 */
function unescaped(pasted: string): string {
	return pasted
		.replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
		.replace(/(?<!\\)(?:\\+r\\+n|\\+[rn])/g, '\n')
		.replace(/(?<!\\)\\+\//g, '/')
		.replace(/[\u00a0\u2007\u202f\t]/g, ' ')
		.replace(/^[\s"'`]+|(?<![\s"'`])[\s"'`]+$/g, '');
}

function blockOf(label: string, rest: string, field: Field): PemBlock {
	const end = rest.indexOf(`-----END ${label}-----`);
	if (end < 0) {
		throw S3Failure.invalid(
			`${field.name}: the PEM block is cut off: no END line`,
			`Paste the whole ${field.holds}, from -----BEGIN ${label}----- to -----END ${label}-----.`,
		);
	}
	const body = rest.slice(0, end);
	const [headers = '', cipher = '', iv = ''] = LEGACY_ENCRYPTION.exec(body) ?? [];
	return {
		label,
		encryption: headers === '' ? '' : `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${cipher},${iv}\n\n`,
		// Text that is not base64 is refused later: by its label, or when it is read.
		der: base64Bytes(body.slice(headers.length)) ?? Buffer.alloc(0),
	};
}

/** The bytes of base64 text with blanks anywhere; undefined if it is not base64. */
function base64Bytes(text: string): Buffer | undefined {
	const base64 = text.replace(/\s+/g, '').replace(/(?<!=)=+$/, '');
	const isBase64 = /^[A-Za-z0-9+/]+$/.test(base64) && base64.length % 4 !== 1;
	return isBase64 ? Buffer.from(base64, 'base64') : undefined;
}

/** The bytes of base64 without BEGIN line if they are PEM or DER: paths and words can look like base64. */
function bareBytes(text: string): Buffer | undefined {
	const bytes = base64Bytes(text);
	return bytes !== undefined && (bytes[0] === 0x30 || bytes.includes(BEGIN)) ? bytes : undefined;
}

const LENGTH = '(?:[0-7].|81..|82.{4}|83.{6})';

/** Kinds of DER by how it begins. Anything else is read as a certificate. */
const STRUCTURES: ReadonlyArray<readonly [string, string]> = [
	['020103', 'PKCS12'],
	['06092a864886f70d0107', 'PKCS7'],
	['02010[01]30', 'PRIVATE KEY'],
	['02010002', 'RSA PRIVATE KEY'],
	['02010104', 'EC PRIVATE KEY'],
	[`30${LENGTH}06.{2}2a864886f70d01(05|0c01)`, 'ENCRYPTED PRIVATE KEY'],
	[`30${LENGTH}06`, 'PUBLIC KEY'],
	[`30${LENGTH}02010030`, 'CERTIFICATE REQUEST'],
];

function labelOf(der: Buffer): string {
	const start = der.subarray(0, 64).toString('hex');
	const known = STRUCTURES.find(([begin]) => new RegExp(`^30${LENGTH}${begin}`).test(start));
	return known?.[1] ?? 'CERTIFICATE';
}

function missing({ name, holds }: Field) {
	return S3Failure.invalid(
		`The ${holds} is missing`,
		`Paste the ${holds} as PEM text into ${name} of the credential.`,
	);
}

/** The failure for something that has the right form but cannot be read. */
export function unreadableField({ name, holds }: Field) {
	return S3Failure.invalid(
		`${name}: the ${holds} cannot be read`,
		`It is damaged or incomplete: paste the ${holds} again as PEM text, with its BEGIN and END lines.`,
	);
}

/** The failure for text that is neither PEM nor base64. */
function notPem(text: string, field: Field) {
	const { name, holds } = field;
	if (text.includes('-----END ')) {
		return S3Failure.invalid(
			`${name}: the PEM block is cut off: no BEGIN line`,
			`Paste the whole ${holds}, with its BEGIN and END lines.`,
		);
	}
	if (text.startsWith('PuTTY-User-Key-File')) return wrongBlock('PUTTY', field);
	if (/^(ssh|ecdsa)-\S+ /.test(text)) return wrongBlock('SSH PUBLIC KEY', field);
	if (text.length < 256 && /^\S*[/\\.]\S*$/.test(text)) {
		return S3Failure.invalid(
			`${name}: paste the ${holds} itself, not a file name`,
			`Open the file in a text editor and copy all of it, with its BEGIN and END lines.`,
		);
	}
	return S3Failure.invalid(
		`${name}: the ${holds} cannot be read, it has no BEGIN line`,
		`Paste the ${holds} as PEM text, with its BEGIN and END lines.`,
	);
}

interface OtherBlock {
	readonly label: RegExp;
	readonly words: (holds: string) => string;
	readonly advice: (holds: string) => string;
}

const instead = (thing: string) => (holds: string) => `this is a ${thing}, not a ${holds}`;
const paste = (holds: string) => `Paste the ${holds} as PEM text into this field.`;

/** What people paste by mistake, by the label of its PEM block. */
const OTHER_BLOCKS: readonly OtherBlock[] = [
	{
		label: /CERTIFICATE REQUEST/,
		words: instead('certificate signing request (CSR)'),
		advice: () => 'Send the CSR to your authority and paste the certificate that it gives back.',
	},
	{ label: /SSH.*PUBLIC KEY/, words: instead('SSH public key'), advice: paste },
	{ label: /PUBLIC KEY/, words: instead('public key'), advice: paste },
	{
		label: /OPENSSH|SSH2/,
		words: () => 'OpenSSH private key format: convert to PEM (ssh-keygen -p -m PEM)',
		advice: () => 'Run ssh-keygen -p -m PEM -f KEYFILE on a copy of the key and paste the result.',
	},
	{
		label: /PUTTY/,
		words: () => 'PuTTY private key format: convert to PEM (puttygen)',
		advice: () => 'Run puttygen KEYFILE.ppk -O private-openssh-new, then ssh-keygen -p -m PEM.',
	},
	{
		label: /PRIVATE KEY/,
		words: instead('private key'),
		advice: () => 'Put the private key into the field Private Key, and here the certificate.',
	},
	{
		label: /PKCS12/,
		words: () => 'this is a PKCS#12 (.p12/.pfx) file',
		advice: (holds) =>
			`Convert it first: openssl pkcs12 -in FILE.p12 ${holds === 'certificate' ? '-clcerts -nokeys' : '-nocerts -noenc'}, and paste the PEM text that comes out.`,
	},
	{
		label: /PKCS7|CMS/,
		words: () => 'this is a PKCS#7 (.p7b) bundle',
		advice: () =>
			'Convert it first: openssl pkcs7 -print_certs -in FILE.p7b, and paste the PEM text that comes out.',
	},
	{ label: /CERTIFICATE/, words: instead('certificate'), advice: paste },
];

/** The failure for another kind of block than the field takes. */
export function wrongBlock(label: string, { name, holds }: Field) {
	const known = OTHER_BLOCKS.find((other) => other.label.test(label));
	const words = known?.words ?? instead(`block of kind ${label.slice(0, 40)}`);
	return S3Failure.invalid(`${name}: ${words(holds)}`, (known?.advice ?? paste)(holds));
}
