import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openS3 } from '../../s3/client/openS3';
import type { OpenS3 } from '../../s3/client/S3';
import type { Connection } from '../../s3/Connection';
import { changeStorageClass } from '../../s3/objects/changeStorageClass';
import type { StorageClassRequest } from '../../s3/objects/changeStorageClass';
import { appendObject } from '../../s3/objects/appendObject';
import type { AppendRequest } from '../../s3/objects/appendObject';
import { copyBetween } from '../../s3/objects/copyBetween';
import type { CopyRequest } from '../../s3/objects/copyBetween';
import { moveObject } from '../../s3/objects/moveObject';
import type { MoveRequest } from '../../s3/objects/moveObject';
import { deleteObject } from '../../s3/objects/deleteObject';
import { deleteObjects } from '../../s3/objects/deleteObjects';
import type { DeleteRequest, SettledDeletion } from '../../s3/objects/deleteObjects';
import { headObject } from '../../s3/objects/headObject';
import type { HeadRequest } from '../../s3/objects/headObject';
import { restoreObject } from '../../s3/objects/restoreObject';
import type { RestoreRequest } from '../../s3/objects/restoreObject';
import { getTags, getTagsOfVersion, setTags } from '../../s3/objects/tags';
import type { TagsChange } from '../../s3/objects/tags';
import { getObject } from '../../s3/download/getObject';
import type { GetRequest } from '../../s3/download/getObject';
import { listObjects } from '../../s3/list/listObjects';
import type { ListedEntry, ListRequest } from '../../s3/list/listObjects';
import { listVersionEntries, listVersions } from '../../s3/list/listVersions';
import type { ListVersionsRequest } from '../../s3/list/listVersions';
import type { ListedVersion } from '../../s3/list/versionsPage';
import { deletePrefix } from '../../s3/objects/prefix/deletePrefix';
import type { DeletePrefixRequest } from '../../s3/objects/prefix/deletePrefix';
import { undelete } from '../../s3/objects/prefix/undelete';
import type { UndeleteRequest } from '../../s3/objects/prefix/undelete';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { send } from '../engine/bucket';
import { connectionTo } from '../servers/connectionTo';
import type { TestServer } from '../servers/TestServer';

export const MiB = 1024 * 1024;
const call = { signal: undefined };

/** What a test says of a copy besides its keys. */
type CopySettings<Request extends CopyRequest> = Omit<Partial<Request>, 'source'> & {
	source?: Partial<CopyRequest['source']>;
};

/** A bucket of a test, with the functions of `s3/` bound to it. */
export class TestBucket {
	private constructor(
		readonly server: TestServer,
		readonly s3: OpenS3,
		readonly name: string,
	) {}

	static async open(
		server: TestServer,
		settings: Partial<Connection> = {},
		name?: string,
		headers: Record<string, string> = {},
	): Promise<TestBucket> {
		const bucket = name ?? `behaviour-${randomBytes(6).toString('hex')}`;
		await send(credentialOf(server), 'PUT', `/${bucket}`, { headers });
		return new TestBucket(server, await openS3(connectionTo(server, settings)), bucket);
	}

	/** The same bucket over another connection. */
	async over(settings: Partial<Connection>): Promise<TestBucket> {
		return new TestBucket(
			this.server,
			await openS3(connectionTo(this.server, settings)),
			this.name,
		);
	}

	async put(key: string, content: Buffer | string, request: Partial<PutRequest> = {}) {
		const bytes = Buffer.from(content);
		const open = async () => await Promise.resolve(chunks(bytes, 65_536));
		const source = { size: bytes.length, open };
		return await putObject(this.s3, { bucket: this.name, key, source, ...request }, call);
	}

	async get(key: string, request: Partial<GetRequest> = {}) {
		const { head, body } = await getObject(this.s3, { bucket: this.name, key, ...request }, call);
		return { head, content: await buffer(body) };
	}

	async append(key: string, content: Buffer | string, request: Partial<AppendRequest> = {}) {
		const bytes = Buffer.from(content);
		const open = async () => await Promise.resolve(chunks(bytes, 65_536));
		const source = { size: bytes.length, bytes, open };
		const usual = { separator: '', createIfMissing: true, tags: 'keep' as const };
		return await appendObject(
			this.s3,
			{ bucket: this.name, key, source, ...usual, ...request },
			call,
		);
	}

	/**
	 * As Get does with the option Include Tags.
	 *
	 * @param between is done when the object was found, before its tags are asked for
	 */
	async getWithTags(key: string, request: Partial<GetRequest> = {}, between?: () => Promise<void>) {
		const asked = { bucket: this.name, key, ...request };
		const { head, body } = await getObject(this.s3, asked, call);
		await between?.();
		const tags = await getTagsOfVersion(this.s3, asked, head.versionId, call);
		return { tags, content: (await buffer(body)).toString() };
	}

	async head(key: string, request: Partial<HeadRequest> = {}) {
		return await headObject(this.s3, { bucket: this.name, key, ...request }, call);
	}

	/** What a copy keeps besides the bytes. */
	async kept(key: string) {
		const { contentType, cacheControl, contentDisposition, ...head } = await this.head(key);
		const { contentEncoding, contentLanguage, expires, metadata } = head;
		const headers = { contentType, cacheControl, contentDisposition, contentEncoding };
		return { ...headers, contentLanguage, expires, metadata, tags: (await this.tags(key)).tags };
	}

	async restore(key: string, request: Partial<RestoreRequest> = {}) {
		const usual = { days: 1, tier: 'Standard' as const };
		return await restoreObject(this.s3, { bucket: this.name, key, ...usual, ...request }, call);
	}

	async delete(key: string, request: Partial<DeleteRequest> = {}) {
		return await deleteObject(this.s3, { bucket: this.name, key, ...request }, call);
	}

	/** What became of each key, in their order. */
	async deleteAll(
		requests: readonly Omit<DeleteRequest, 'bucket'>[],
	): Promise<SettledDeletion['outcome'][]> {
		const asked = requests.map((request) => ({ bucket: this.name, ...request }));
		const outcomes: SettledDeletion['outcome'][] = [];
		for await (const { index, outcome } of deleteObjects(this.s3, asked, call)) {
			outcomes[index] = outcome;
		}
		return outcomes;
	}

	async copy(from: string, to: string, request: CopySettings<CopyRequest> = {}) {
		return await copyBetween(this.twice(), this.copyRequest(from, to, request), call);
	}

	/** Copies to the same key of a bucket on another server. */
	async copyTo(target: TestBucket, key: string, request: CopySettings<CopyRequest> = {}) {
		const asked = this.copyRequest(key, key, { ...request, bucket: target.name });
		return await copyBetween({ source: this.s3, target: target.s3 }, asked, call);
	}

	async move(from: string, to: string, request: CopySettings<MoveRequest> = {}) {
		return await moveObject(this.twice(), this.copyRequest(from, to, request), call);
	}

	/** Moves to the same key of a bucket on another server. */
	async moveTo(target: TestBucket, key: string) {
		const asked = this.copyRequest(key, key, { bucket: target.name });
		return await moveObject({ source: this.s3, target: target.s3 }, asked, call);
	}

	async changeClass(
		key: string,
		request: Pick<StorageClassRequest, 'storageClass'> & Partial<StorageClassRequest>,
	) {
		return await changeStorageClass(this.s3, { bucket: this.name, key, ...request }, call);
	}

	async tags(key: string, versionId?: string) {
		return await getTags(this.s3, { bucket: this.name, key, versionId }, call);
	}

	async setTags(key: string, change: TagsChange, versionId?: string) {
		return await setTags(this.s3, { bucket: this.name, key, versionId }, change, call);
	}

	/** Has the bucket keep versions from now on, or no new ones any more. */
	async keepVersions(status: 'Enabled' | 'Suspended' = 'Enabled'): Promise<void> {
		const body = `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status></VersioningConfiguration>`;
		await send(credentialOf(this.server), 'PUT', `/${this.name}?versioning`, { body });
	}

	async list(
		request: Partial<ListRequest> = {},
	): Promise<{ entries: ListedEntry[]; nextStartAfter: string | undefined }> {
		const entries: ListedEntry[] = [];
		let nextStartAfter: string | undefined;
		for await (const page of listObjects(this.s3, { bucket: this.name, ...request }, call)) {
			entries.push(...page.entries);
			({ nextStartAfter } = page);
		}
		return { entries, nextStartAfter };
	}

	/** Keys, and common prefixes with a star. */
	async names(request: Partial<ListRequest> = {}): Promise<string[]> {
		const { entries } = await this.list(request);
		return entries.map((entry) => ('key' in entry ? entry.key : `${entry.prefix}*`));
	}

	async versions(request: Partial<ListVersionsRequest> = {}): Promise<ListedVersion[]> {
		const versions: ListedVersion[] = [];
		for await (const page of listVersions(this.s3, { bucket: this.name, ...request }, call)) {
			versions.push(...page);
		}
		return versions;
	}

	/** Keys of versions and delete markers, and common prefixes with a star. */
	async versionNames(request: Partial<ListVersionsRequest> = {}): Promise<string[]> {
		const names: string[] = [];
		const all = { bucket: this.name, ...request };
		for await (const page of listVersionEntries(this.s3, all, call)) {
			names.push(...page.map((entry) => ('key' in entry ? entry.key : `${entry.prefix}*`)));
		}
		return names;
	}

	async deletePrefix(prefix: string, request: Partial<DeletePrefixRequest> = {}) {
		const usual = { bucket: this.name, maxObjects: 1000, dryRun: false, allVersions: false };
		return await deletePrefix(this.s3, { ...usual, prefix, ...request }, call);
	}

	async undelete(request: Pick<UndeleteRequest, 'scope'> & Partial<UndeleteRequest>) {
		return await undelete(this.s3, { bucket: this.name, dryRun: false, ...request }, call);
	}

	/** The connection as source and target of a copy. */
	private twice() {
		return { source: this.s3, target: this.s3 };
	}

	private copyRequest<Request extends CopyRequest>(
		from: string,
		to: string,
		{ source, ...request }: CopySettings<Request>,
	): CopyRequest {
		return {
			bucket: this.name,
			key: to,
			metadataDirective: 'keep',
			tagsDirective: 'keep',
			...request,
			source: { bucket: this.name, key: from, ...source },
		};
	}

	/** What the ACL of an object grants to groups, e.g. `READ to AllUsers`; nothing if the server has no ACLs. */
	async granted(key: string): Promise<string[]> {
		const path = `/${this.name}/${encodeURIComponent(key)}?acl`;
		const asked = send(credentialOf(this.server), 'GET', path).then(async (answer) =>
			answer.text(),
		);
		const xml = await (this.server.lacks.includes('acls') ? asked.catch(String) : asked);
		const grants = xml.matchAll(/<URI>[^<]*\/([^</]+)<\/URI>\s*<\/Grantee>\s*<Permission>(\w+)</g);
		return [...grants].map(([, group, permission]) => `${String(permission)} to ${String(group)}`);
	}

	/** Multipart uploads that were begun and not ended. */
	async openUploads(): Promise<number> {
		const asked = send(credentialOf(this.server), 'GET', `/${this.name}?uploads`);
		if (this.server.lacks.includes('emptyUploads')) {
			const refusal = await asked.then(() => undefined, String);
			if (refusal?.includes('<Code>NoSuchUpload</Code>') === true) return 0;
		}
		return [...(await (await asked).text()).matchAll(/<UploadId>/g)].length;
	}
}

const credentialOf = ({ endpoint, users }: TestServer) => ({ endpoint, ...users.main });

/** Chunks of a size that has nothing to do with that of parts. */
export function chunks(bytes: Buffer, size: number): Readable {
	return Readable.from(
		(function* () {
			for (let offset = 0; offset < bytes.length; offset += size)
				yield bytes.subarray(offset, offset + size);
		})(),
		{ objectMode: false },
	);
}

/** Keys in the order that S3 has them: by the bytes of UTF-8. */
export const inOrder = (keys: string[]): string[] =>
	[...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
