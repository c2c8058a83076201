import { invalidSignature } from './Refusal';
import type { Received } from './received';

/** What the Authorization header says; that it is of the right form proves nothing of it. */
export interface Authorization {
	readonly algorithm: string;
	readonly serial: string;
	readonly day: string;
	readonly region: string;
	/** What the scope ends with: service and terminator. */
	readonly purpose: string;
	/** Names, with semicolons between. */
	readonly signedHeaders: string;
	readonly signature: string;
}

const FORM =
	/^(AWS4-X509-[A-Z0-9-]+) Credential=([^/, ]+)\/([^/, ]+)\/([^/, ]+)\/([^/, ]+\/[^/, ]+), SignedHeaders=([^, ]+), Signature=([^, ]+)$/;

/** @throws Refusal when a header is there twice or Authorization has another form */
export function readAuthorization({ rawHeaders, headers }: Received): Authorization {
	const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw invalidSignature(`header ${twice} is there twice`);
	const match = FORM.exec(headers.authorization ?? '');
	if (match === null) throw invalidSignature('the Authorization header has another form');
	const [algorithm, serial, day, region, purpose, signedHeaders, signature] = match.slice(1) as [
		string,
		string,
		string,
		string,
		string,
		string,
		string,
	];
	return { algorithm, serial, day, region, purpose, signedHeaders, signature };
}
