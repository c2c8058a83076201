import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEYS, type ServerPackage } from '../ServerPackage';

const VERSION = '4.1.0';

const COMPARES_BEFORE =
	'compares ETags before it writes, and not while: of objects that are written at the same moment one may be lost';
/** Tests that show it, if their requests meet so. */
const AT_ONCE = [
	'of 16 appends at once to a small object none is lost, or they say that they were not guarded',
	'of 4 appends at once to a large object none is lost, or they say that they were not guarded',
];

export const s3proxy: ServerPackage = {
	name: 'S3Proxy',
	version: VERSION,
	tools: ['java', 'mvn'],
	install: (home) => [
		{
			command: 'mvn',
			args: [
				...['--batch-mode', '--quiet', '--file', join(__dirname, 'pom.xml')],
				...['dependency:copy-dependencies', `-Ds3proxy.version=${VERSION}`],
				`-DoutputDirectory=${join(home, 'lib')}`,
			],
		},
	],
	start: (home, { folder, port }) => {
		const objects = join(folder, 'objects');
		mkdirSync(objects);
		const properties = join(folder, 's3proxy.properties');
		const settings = {
			's3proxy.endpoint': `http://127.0.0.1:${port}`,
			's3proxy.authorization': 'aws-v2-or-v4',
			's3proxy.identity': KEYS.accessKeyId,
			's3proxy.credential': KEYS.secretAccessKey,
			'jclouds.provider': 'filesystem-nio2',
			'jclouds.identity': 'none',
			'jclouds.credential': 'none',
			'jclouds.filesystem.basedir': objects,
		};
		const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
		writeFileSync(properties, lines.join(''));
		const classes = join(home, 'lib', '*');
		return {
			command: 'java',
			args: ['-cp', classes, 'org.gaul.s3proxy.Main', '--properties', properties],
		};
	},
	byChance: AT_ONCE,
	lacks: ['keysUnlikePaths', 'tagsOfNewBuckets'],
	summary:
		'Works for objects without tags and versions. Has no locks and no *Encryption Customer Key*; keys have to be paths of files.',
	consequences: [
		'Of several Appends to one object at the same moment, it may lose one without notice.',
	],
	faults: {
		'a restore leaves alone what is not archived, and does not find what is not there':
			'refuses a listing that is to tell of restores',
		'an object in another storage class is private, or has the ACL that is asked for':
			'does not copy an object onto itself',
		'the ACL public-read-write grants what its name says':
			'has no ACLs but `private` and `public-read`',
		'the ACL authenticated-read grants what its name says':
			'has no ACLs but `private` and `public-read`',
		'the ACL bucket-owner-read grants what its name says':
			'has no ACLs but `private` and `public-read`',
		'the ACL bucket-owner-full-control grants what its name says':
			'has no ACLs but `private` and `public-read`',
		'headers and metadata of a single upload are kept': 'has no tags',
		'headers and metadata of a multipart upload are kept': 'has no tags',
		'a get reads what a customer’s own key encrypts with that key alone':
			'refuses the keys of customers',
		'a head of an object under a customer’s own key needs that key':
			'refuses the keys of customers',
		'a listing gives every key in the order of UTF-8': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1, and says how to go on': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 999, and says how to go on': 'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1000, and says how to go on':
			'lists keys in the order of UTF-16',
		'a listing stops at a limit of 1001, and says how to go on':
			'lists keys in the order of UTF-16',
		'a listing continues after a common prefix': 'lists keys in the order of UTF-16',
		'keys of any kind make the round trip unchanged, path style':
			'refuses keys that no file can have as its path',
		'keys are the same for uploads in parts': 'refuses keys that no file can have as its path',
		'a head is what a get says of the object': 'has no tags',
		'a head comes with the tags': 'has no tags',
		'nothing can be deleted in a bucket that does not exist':
			'says of objects in a bucket that does not exist that they are deleted',
		'a head of a version is that of this version': 'has no versions',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'has no versions',
		'versions and markers are deleted with others': 'has no versions',
		'each version has tags of its own': 'has no tags',
		'the tags of an object are those it was put with, or none': 'has no tags',
		'tags are merged, replaced and removed': 'has no tags',
		'ten tags of the longest names and values are kept': 'has no tags',
		'tags with characters that S3 does not take are refused': 'has no tags',
		'the tags of nothing are not found': 'has no tags',
		'a get gives the tags of the object, and of an older version those that it has': 'has no tags',
		'a get gives the tags of what it reads, also if the object is replaced in between':
			'has no versions',
		'versions are listed by key, the newest first, with their delete markers': 'has no versions',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'has no versions',
		'versions of one key are not those of keys that begin with it': 'has no versions',
		'a listing of versions begins after a key, and puts keys together up to a delimiter':
			'has no versions',
		'versions without versioning are those of the objects, with the version null':
			'has no versions',
		'every object under a prefix is deleted, whatever its key, and no other':
			'refuses keys that no file can have as its path',
		'nothing is listed, deleted or brought back in a bucket that does not exist': 'has no versions',
		'what would come back is told in a dry run, and stays deleted': 'has no versions',
		'deleted objects come back from under their delete markers, with content and metadata':
			'has no versions',
		'an object comes back however often it was deleted': 'has no versions',
		'a receipt brings back what it lists and nothing else': 'has no versions',
		'a delete marker that was deleted with all versions brings nothing back': 'has no versions',
		'versions of a moment come back over newer ones, with metadata, tags and storage class, however large':
			'has no versions',
		'a delete while versions are suspended puts a marker for the version null and keeps the older ones':
			'has no versions',
		'all versions of a prefix are deleted for good': 'has no versions',
		'nothing is told or cleaned up of a bucket that does not exist': 'has no versions',
		'a bucket that is created with versions keeps them': 'has no versions',
		'a bucket is deleted with all that is in it only when that is asked for': 'has no versions',
		'a copy has the bytes, content headers, metadata and tags of its source': 'has no tags',
		'a copy has new metadata and tags, or none': 'has no tags',
		'a copy onto itself changes metadata': 'has no tags',
		'a copy in parts has all bytes, content headers, metadata and tags of its source':
			'has no tags',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'refuses the keys of customers',
		'an object under a customer’s own key stays so in another storage class and another place':
			'refuses the keys of customers',
		'a copy of no bytes is one request, whatever the threshold': 'has no tags',
		'a copy of an old version has its bytes': 'has no versions',
		'a copy is not locked as its source is, and an object in another storage class is':
			'has no locks',
		'a copy does not have the redirect of its source, and an object in another storage class keeps it':
			'has no website redirects',
		'an object in another storage class has all it had': 'has no tags',
		'a large object goes to another storage class in parts, with all it had': 'has no tags',
		'a version in another storage class is the newest, and the old ones stay': 'has no versions',
		'a move leaves only the copy': 'has no tags',
		'a move in a bucket with versions hides the source with a marker': 'has no versions',
		'a move in a bucket with versions deletes the version that it has copied, if it is asked to':
			'has no versions',
		'a copy of no bytes to another server and back has all that its source has': 'has no tags',
		'a copy of few bytes to another server and back has all that its source has': 'has no tags',
		'a copy of many bytes to another server and back has all that its source has': 'has no tags',
		'a move to another server leaves only the copy, and none without a source': 'has no tags',
		'a put of few bytes locks the object': 'has no locks',
		'a put of a stream locks the object': 'has no locks',
		'a put of more than the threshold locks the object': 'has no locks',
		'a put of unknown size locks the object, or says that the server has forgotten it':
			'has no locks',
		'a lock stops the deletion of its version and no other, until governance is bypassed':
			'has no locks',
		'locked versions are deleted with all others of a prefix only if governance is bypassed':
			'has no locks',
		'an archived object is read, copied and put into another class when it was restored':
			'reads objects in archives at once',
		'a link to a version gives this version': 'has no versions',
		'a link works for an object under a customer’s own key': 'refuses the keys of customers',
		'an append to a small object keeps its headers, metadata and tags': 'has no tags',
		'an append to a large object keeps its headers, metadata and tags': 'has no tags',
		'an append to a small secret under a customer’s own key is under that key, too':
			'refuses the keys of customers',
		'an append to a large secret under a customer’s own key is under that key, too':
			'refuses the keys of customers',
		'an append drops the tags if it is told to': 'has no tags',
		...Object.fromEntries(AT_ONCE.map((title) => [title, COMPARES_BEFORE])),
		'a failure tells a wrong secret': 'looks at the keys only of calls that it has',
		'a failure tells a wrong access key': 'looks at the keys only of calls that it has',
	},
};
