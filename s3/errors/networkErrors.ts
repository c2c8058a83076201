import { isLoopback } from '../loopback';

/** What it means to a person that no response came. */
export interface NetworkExplanation {
	words: string;
	advice: string;
	retryable: boolean;
}

const NO_RESPONSE: NetworkExplanation = {
	words: 'it did not answer in time',
	advice: 'Check the network, firewall and proxy between n8n and the server.',
	retryable: true,
};

const BROKEN_OFF: NetworkExplanation = {
	words: 'the connection was broken off',
	advice: 'Run it again; if it happens often, look for a proxy or firewall that cuts connections.',
	retryable: true,
};

export const NOT_TLS: NetworkExplanation = {
	words: 'it does not speak TLS as expected',
	advice: 'Check whether the endpoint should begin with http:// and not https://.',
	retryable: false,
};

const NOT_HTTP: NetworkExplanation = {
	words: 'its response is not one of HTTP',
	advice:
		'Check host and port of the endpoint: a server for something else may listen there, or a proxy changes responses.',
	retryable: true,
};

export const UNTRUSTED: NetworkExplanation = {
	words: 'its TLS certificate is not trusted',
	advice:
		'Put the certificate of the authority that signed it into “CA Certificate” under More Settings of the credential.',
	retryable: false,
};

const OUT_OF_DATE: NetworkExplanation = {
	words: 'its TLS certificate is outside its dates',
	advice: 'Renew the certificate of the server, and check the clock of the machine n8n runs on.',
	retryable: false,
};

const REFUSED: NetworkExplanation = {
	words: 'nothing accepts connections there',
	advice: 'Check host and port of the endpoint and that the server is running.',
	retryable: true,
};

/** Error codes of Node and OpenSSL when no response came. */
const NETWORK: Record<string, NetworkExplanation> = {
	BlockedAddress: {
		words: 'n8n’s protection of internal addresses (SSRF) does not allow requests to it',
		advice:
			'Ask the owner of this n8n to allow the server by N8N_SSRF_ALLOWED_HOSTNAMES or N8N_SSRF_ALLOWED_IP_RANGES.',
		retryable: false,
	},
	CERT_HAS_EXPIRED: OUT_OF_DATE,
	CERT_NOT_YET_VALID: OUT_OF_DATE,
	CERT_UNTRUSTED: UNTRUSTED,
	DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
	EAI_AGAIN: {
		words: 'the host name could not be looked up',
		advice: 'Check the DNS and the network of the machine n8n runs on.',
		retryable: true,
	},
	ECONNREFUSED: REFUSED,
	ECONNRESET: BROKEN_OFF,
	ENOTFOUND: {
		words: 'the host name is not known',
		advice: 'Check endpoint and region for typing errors, and the DNS of the machine n8n runs on.',
		retryable: false,
	},
	EndlessInterim: {
		words: 'it sends interim responses (1xx) without end',
		advice: 'Check the address: this is no server for files, or one that is broken.',
		retryable: false,
	},
	EPIPE: BROKEN_OFF,
	EPROTO: NOT_TLS,
	ERR_SSL_WRONG_VERSION_NUMBER: NOT_TLS,
	ERR_SSL_PACKET_LENGTH_TOO_LONG: NOT_TLS,
	ERR_TLS_CERT_ALTNAME_INVALID: {
		words: 'its TLS certificate is for another host name',
		advice: 'Check the endpoint; with a dotted bucket name or a server of your own use path style.',
		retryable: false,
	},
	ETIMEDOUT: NO_RESPONSE,
	LinkLocalAddress: {
		words: 'link-local addresses are never asked: they give away the keys of a machine',
		advice: 'Enter the address of an S3 server as Endpoint in the credential.',
		retryable: false,
	},
	ProtocolSwitch: {
		words: 'it wants to speak another protocol than HTTP (status 101)',
		advice: 'Check the address: this is a server for something else.',
		retryable: false,
	},
	SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
	TimeoutError: NO_RESPONSE,
	UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
};

const UNKNOWN_NETWORK: NetworkExplanation = {
	words: 'the request did not get through',
	advice: 'Check the endpoint and the network between n8n and the server.',
	retryable: true,
};

/**
 * What it means that no response came from a host.
 * @param code of Node or OpenSSL; undefined if there is none
 * @param hostname as in `URL.hostname`
 */
export function explanationOfNetwork(
	code: string | undefined,
	hostname: string | undefined,
): NetworkExplanation {
	// Of the parser of HTTP: there is a response, but none of HTTP.
	if (code?.startsWith('HPE_') === true) return NOT_HTTP;
	const known = code === undefined ? undefined : NETWORK[code];
	if (known !== REFUSED) return known ?? UNKNOWN_NETWORK;
	return { ...REFUSED, advice: `${REFUSED.advice}${adviceInContainer(hostname)}` };
}

/** The code of Node or OpenSSL in an error or its cause, or `TimeoutError`; undefined if there is none. */
export function systemCodeOf(error: unknown): string | undefined {
	const { code, name, cause } = Object(error) as Readonly<Record<string, unknown>>;
	const { code: ofCause } = Object(cause) as Readonly<Record<string, unknown>>;
	const found = [code, name === 'TimeoutError' ? name : undefined, ofCause];
	return found.find((one): one is string => typeof one === 'string' && one !== '');
}

/** Addresses at which servers listen; a request to them stays on the machine. */
const ANY = ['0.0.0.0', '[::]'];

/** People enter such names for a server beside n8n. @returns a further sentence, or an empty text */
export function adviceInContainer(hostname: string | undefined): string {
	if (hostname === undefined || !(isLoopback(hostname) || ANY.includes(hostname))) return '';
	return ` If n8n runs in a container, ${hostname} is that container itself: enter the name of the other container, or host.docker.internal.`;
}
