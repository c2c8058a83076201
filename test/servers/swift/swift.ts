import { join } from 'node:path';
import type { Keys } from '../TestServer';
import { IGNORES_CUSTOMER_KEYS, type ServerPackage } from '../ServerPackage';

/** The access key is an account and one of its users. */
const KEYS: Keys = {
	accessKeyId: 'main:main',
	secretAccessKey: 'mainsecretkey000000000000000000000001',
};

export const swift: ServerPackage = {
	name: 'OpenStack Swift',
	version: '2.30.1',
	tools: ['swift-proxy-server', 'memcached'],
	install: () => [],
	keys: KEYS,
	start: (_home, { folder, port }) => ({
		command: join(__dirname, 'start.sh'),
		args: [folder, String(port), KEYS.accessKeyId, KEYS.secretAccessKey],
	}),
	lacks: ['checksums', 'attributes', 'archives', 'acls', 'newBucketsWithTags'],
	summary:
		'Works for objects and their versions. Has no tags, locks, upload forms, and no Put that must not overwrite; ignores an *Encryption Customer Key*.',
	consequences: [
		IGNORES_CUSTOMER_KEYS,
		'It ignores it when an object is to be locked. Put succeeds, and nothing is locked; only Put of a file of unknown size in parts fails.',
		'It does not say which versions it has deleted together, so they are deleted one by one. If a key has other characters than ASCII, Undelete does not bring its object back, and does not notice: copy the version onto its key.',
		'It refuses the ETag that it names for an object that came in parts when that is copied. Copy, Move and Append notice that, and go by its date, which has whole seconds.',
		'Of several Puts or Appends of one key at the same moment, some may fail with the words that the response is not one of S3: it calls them accepted, and keeps a later one.',
		'It refuses every Put that must not overwrite. Append to an object of 5 MiB or more takes some seconds the first time, and is not guarded. Move in a bucket with versions needs *Delete This Version*.',
	],
	faults: {
		'the ACL authenticated-read grants what its name says': 'refuses this ACL',
		'an object in another storage class is private, or has the ACL that is asked for':
			'has no storage class but `STANDARD`',
		'headers and metadata of a single upload are kept':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'headers and metadata of a multipart upload are kept':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a put overwrites nothing if it must not': 'refuses conditions on a put',
		'a put overwrites nothing with a large file either': 'refuses conditions on a put',
		'a put overwrites only the object that it knows': 'refuses conditions on a put',
		'a get gives the tags of the object, and of an older version those that it has':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a get gives the tags of what it reads, also if the object is replaced in between':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head is what a get says of the object':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a head comes with the tags':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of a version is that of this version':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'does not say that a version was a delete marker',
		'versions and markers are deleted with others':
			'does not say that a version was a delete marker',
		'the tags of an object are those it was put with, or none':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'tags are merged, replaced and removed':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'ten tags of the longest names and values are kept':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'tags with characters that S3 does not take are refused':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'the tags of nothing are not found':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'each version has tags of its own':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'names no delete marker when objects are deleted together',
		'deleted objects come back from under their delete markers, with content and metadata':
			'does not bring an object back whose key is not ASCII when its delete marker is deleted',
		'versions of a moment come back over newer ones, with metadata, tags and storage class, however large':
			'has no storage class but `STANDARD`',
		'a delete while versions are suspended puts a marker for the version null and keeps the older ones':
			'has no delete marker of an object that is deleted while versions are suspended',
		'a copy has the bytes, content headers, metadata and tags of its source':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy has new metadata and tags, or none':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy onto itself changes metadata':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy in parts has all bytes, content headers, metadata and tags of its source':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an object under a customer’s own key stays so in another storage class and another place':
			'has no storage class but `STANDARD`',
		'a copy of no bytes is one request, whatever the threshold':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy overwrites only the object that it knows': 'refuses conditions on a put',
		'a copy is not locked as its source is, and an object in another storage class is':
			'has no locks, and ignores it when an object is to be locked',
		'a copy does not have the redirect of its source, and an object in another storage class keeps it':
			'has no website redirects',
		'an object in another storage class has all it had':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a large object goes to another storage class in parts, with all it had':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a version in another storage class is the newest, and the old ones stay':
			'has no storage class but `STANDARD`',
		'a move leaves only the copy':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a move in a bucket with versions hides the source with a marker':
			'refuses to delete on the condition of an ETag in a bucket with versions',
		'a copy of no bytes to another server and back has all that its source has':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy of few bytes to another server and back has all that its source has':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a copy of many bytes to another server and back has all that its source has':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a move to another server leaves only the copy, and none without a source':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a put of few bytes locks the object':
			'has no locks, and ignores it when an object is to be locked',
		'a put of a stream locks the object':
			'has no locks, and ignores it when an object is to be locked',
		'a put of more than the threshold locks the object':
			'has no locks, and ignores it when an object is to be locked',
		'a put of unknown size locks the object, or says that the server has forgotten it':
			'has no locks, and ignores it when an object is to be locked',
		'a lock stops the deletion of its version and no other, until governance is bypassed':
			'has no locks, and ignores it when an object is to be locked',
		'locked versions are deleted with all others of a prefix only if governance is bypassed':
			'has no locks, and ignores it when an object is to be locked',
		'a link works for an object under a customer’s own key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a form stores a file under the conditions that were signed': 'has no upload forms',
		'a form that was changed or has expired is refused': 'has no upload forms',
		'a form with a prefix names the object after the file, and sends the browser on':
			'has no upload forms',
		'an append to a small object keeps its headers, metadata and tags':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'an append to a large object keeps its headers, metadata and tags':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'an append to a small secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append to a large secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append drops the tags if it is told to':
			'refuses a put with tags, has no call to set them, and says that every object has none',
		'a file of a URL with a condition and many bytes becomes an object':
			'refuses conditions on a put',
		'a failure tells a wrong secret': 'looks at no keys before it says that an object has no tags',
		'a failure tells a wrong access key': 'calls an unknown access key `SignatureDoesNotMatch`',
	},
};
