import { invalidArgument, S3Error } from './S3Error';

type Fields = ReadonlyMap<string, string>;

/** Bytes that the file of a form may have. */
export interface SizeRange {
	min: number;
	max: number;
}

/** What needs no condition: they prove the others. */
const EXEMPT = /^(x-amz-signature|file|policy|x-ignore-.*)$/;
/** Bytes that S3 takes in one request. */
const MAX_SIZE = 5 * 1024 ** 3;

const denied = (why: string) =>
	new S3Error(403, 'AccessDenied', `Invalid according to Policy: ${why}`);
const malformed = () => new S3Error(400, 'InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');

/**
 * Checks the fields of a form against its policy, of which each must have a condition.
 * @param fields with the key as it is stored
 * @returns what size the file may have
 * @throws S3Error
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function checkPolicy(fields: Fields, bucket: string, now: Date): SizeRange {
	const { expiration, conditions } = policyOf(fields);
	if (!(Date.parse(expiration) > now.getTime())) throw denied('Policy expired.');
	const range = { min: 0, max: MAX_SIZE };
	const named = new Set<string>();
	for (const condition of conditions) {
		const [operator, name, value, max] = partsOf(condition);
		if (operator === 'content-length-range') {
			range.min = Math.max(range.min, Number(name));
			range.max = Math.min(range.max, Number(value));
			continue;
		}
		const field = String(name).replace(/^\$/, '').toLowerCase();
		const found = field === 'bucket' ? bucket : fields.get(field);
		named.add(field);
		const holds = operator === 'eq' ? found === value : found?.startsWith(String(value)) === true;
		if (!holds || max !== undefined) {
			throw denied(`Policy Condition failed: ["${operator}", "$${field}", "${String(value)}"]`);
		}
	}
	const extra = [...fields.keys()].filter((name) => !named.has(name) && !EXEMPT.test(name));
	if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
	return range;
}

interface Policy {
	expiration: string;
	conditions: unknown[];
}

function policyOf(fields: Fields): Policy {
	try {
		const text = Buffer.from(fields.get('policy') ?? '', 'base64').toString();
		const policy = JSON.parse(text) as Partial<Policy>;
		if (typeof policy.expiration !== 'string' || !Array.isArray(policy.conditions))
			throw malformed();
		return { expiration: policy.expiration, conditions: policy.conditions };
	} catch {
		throw malformed();
	}
}

/** Operator and operands: `{ "acl": "private" }` is short for `["eq", "$acl", "private"]`. */
function partsOf(condition: unknown): [operator: string, ...operands: unknown[]] {
	if (Array.isArray(condition)) {
		const [operator, ...operands] = condition as unknown[];
		const name = String(operator).toLowerCase();
		if (!['eq', 'starts-with', 'content-length-range'].includes(name)) throw malformed();
		return [name, ...operands];
	}
	const [entry, more] = Object.entries(Object(condition) as object);
	if (entry === undefined || more !== undefined) throw malformed();
	return ['eq', ...entry];
}

/** @throws S3Error if a form lacks a field */
export function requiredField(fields: Fields, name: string): string {
	const value = fields.get(name);
	if (value !== undefined) return value;
	throw invalidArgument(
		`Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
	);
}
