import { readFile } from 'node:fs/promises';
import { S3Failure } from '../../S3Failure';
import { quoted } from '../validate';

/**
 * The token in a file, which is read anew each time: Kubernetes and ECS replace it from time to time.
 * @param purpose beginning of a sentence about a failure
 * @param variable of the environment that names the file
 * @throws S3Failure of kind `credentials`
 */
export async function readToken(path: string, purpose: string, variable: string): Promise<string> {
	const failure = (lack: string, code?: string) =>
		new S3Failure({
			kind: 'credentials',
			message: `${purpose}: the token file ${quoted(path)} ${lack}`,
			advice: `${variable} in the environment of n8n names this file: check that the platform mounts it into the container of n8n, and that the user of n8n may read it.`,
			code,
		});
	const text = await readFile(path, 'utf8').catch((error: unknown) => {
		const { code } = error as NodeJS.ErrnoException;
		const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
		throw failure(isMissing ? 'is missing' : 'cannot be read', code);
	});
	const token = text.trim();
	if (token === '') throw failure('is empty');
	if (!/^[\x20-\x7e]+$/.test(token)) throw failure('does not hold a token');
	return token;
}
