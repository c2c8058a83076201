import type { TestServer } from '../servers/TestServer';
import { describeAcls } from './acls';
import { describeAppend } from './append';
import { describeBuckets } from './buckets';
import { describeCopies } from './copies';
import { describeGet } from './get';
import { describeKeys } from './keys';
import { describeLinks } from './links';
import { describeList } from './list';
import { describeLocks } from './locks';
import { describePut } from './put';
import { describeRefusals } from './refusals';
import { describeRestores } from './restores';
import { describeStreams } from './streams';
import { describeUrls } from './urls';
import { describeVersions } from './versions';
import { describeDelete, describeHead, describeTags } from './objects';

/** What S3 has to do, for every server that is one. */
export function describeBehaviour(server: () => TestServer): void {
	describe('put', () => describePut(server));
	describe('get', () => describeGet(server));
	describe('list', () => describeList(server));
	describe('keys', () => describeKeys(server));
	describe('head', () => describeHead(server));
	describe('delete', () => describeDelete(server));
	describe('tags', () => describeTags(server));
	describe('versions', () => describeVersions(server));
	describe('buckets', () => describeBuckets(server));
	describe('copies', () => describeCopies(server));
	describe('streams', () => describeStreams(server));
	describe('locks', () => describeLocks(server));
	describe('restores', () => describeRestores(server));
	describe('ACLs', () => describeAcls(server));
	describe('links', () => describeLinks(server));
	describe('append', () => describeAppend(server));
	describe('urls', () => describeUrls(server));
	describe('refusals', () => describeRefusals(server));
}
