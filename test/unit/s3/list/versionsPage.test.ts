import { nameOfEntry } from '../../../../s3/list/ListedEntry';
import { entriesIn, keyIn, type VersionsPage } from '../../../../s3/list/versionsPage';

const pageOf = (page: Partial<VersionsPage>) => page as VersionsPage;
const version = (Key: string) => ({ Key, VersionId: 'v', Owner: { ID: 'o', DisplayName: 'n' } });

it('entriesIn puts common prefixes between the keys, all decoded, and leaves versions of a key in their order', () => {
	const page = pageOf({
		EncodingType: 'url',
		Versions: [version('a+1'), { ...version('c'), VersionId: 'v2' }, version('c')],
		CommonPrefixes: [{ Prefix: 'b%2B/' }, { Prefix: 'd/' }],
	});
	expect(
		entriesIn(page, { bucket: 'b' }).map((entry) =>
			'key' in entry ? `${entry.key}:${entry.versionId}` : entry.prefix,
		),
	).toEqual(['a 1:v', 'b+/', 'c:v2', 'c:v', 'd/']);
});

it('entriesIn tells owners only if they are asked for', () => {
	const page = pageOf({ Versions: [version('a')] });
	expect(entriesIn(page, { bucket: 'b' })[0]).not.toHaveProperty('owner');
	expect(entriesIn(page, { bucket: 'b', fetchOwner: true })).toMatchObject([
		{ owner: { id: 'o', displayName: 'n' } },
	]);
});

it('keyIn decodes only what is encoded, and entriesIn throws for what cannot be', () => {
	expect([keyIn(pageOf({}), 'a+b'), keyIn(pageOf({ EncodingType: 'url' }), 'a+b')]).toEqual([
		'a+b',
		'a b',
	]);
	const broken = pageOf({ EncodingType: 'url', CommonPrefixes: [{ Prefix: '%E0%A4%A' }] });
	expect(() => entriesIn(broken, { bucket: 'b' }).map(nameOfEntry)).toThrow();
});
