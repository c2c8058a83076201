/** Someone with keys. Without rules everything is allowed. */
export interface User {
	name: string;
	accessKeyId: string;
	secretAccessKey: string;
	/** Makes the keys temporary: this token must come with them. */
	sessionToken?: string;
	expires?: Date;
	allow?: Rule[];
	/** Serial number of a device and its code, as in `x-amz-mfa`. */
	mfa?: string;
}

interface Rule {
	/** e.g. `s3:GetObject` or `s3:*`. */
	actions: string[];
	/** `bucket` or `bucket/prefix*`; `*` is everything. */
	resources: string[];
}

/** May do everything. */
export const MAIN: User = {
	name: 'main',
	accessKeyId: 'MAINACCESSKEY0000001',
	secretAccessKey: 'main/secret+key0000000000000000000000001',
};

/** May use nothing but what a test adds to its rules. */
export const LIMITED: User = {
	name: 'limited',
	accessKeyId: 'LIMITEDACCESSKEY0001',
	secretAccessKey: 'limited/secret+key00000000000000000000001',
	allow: [],
};

/** Whether the user may do this with the bucket, the object or, for neither, the account. */
export function may(user: User, action: string, bucket: string | undefined, key?: string): boolean {
	if (user.allow === undefined) return true;
	const resource = key === undefined ? (bucket ?? '*') : `${bucket ?? ''}/${key}`;
	return user.allow.some(
		({ actions, resources }) =>
			actions.some((pattern) => fits(pattern, action)) &&
			resources.some((pattern) => fits(pattern, resource)),
	);
}

/** `*` is any text, `?` any character. */
function fits(pattern: string, text: string): boolean {
	const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`^${source.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's').test(text);
}
