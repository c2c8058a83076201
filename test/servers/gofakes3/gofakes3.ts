import { join } from 'node:path';
import { fromGo, IGNORES_CUSTOMER_KEYS, type ServerPackage } from '../ServerPackage';

export const gofakes3: ServerPackage = {
	name: 'gofakes3',
	...fromGo('github.com/johannesboyne/gofakes3/cmd/gofakes3', '1.2.0'),
	start: (home, { port }) => ({
		command: join(home, 'bin', 'gofakes3'),
		args: ['-backend', 'memory', '-host', `127.0.0.1:${port}`],
	}),
	lacks: ['emptyUploads', 'checksums', 'attributes', 'tagAlphabet', 'acls', 'tagsOfNewBuckets'],
	summary:
		'For tests only: it takes every access key and signature, has no tags, and locks nothing.',
	consequences: [
		IGNORES_CUSTOMER_KEYS,
		'It copies the newest version of an object, whichever version you ask for. Copy and Move fail if it has another size than the one you asked for. If both have the same size, the node cannot tell them apart.',
	],
	faults: {
		'an ACL that S3 does not have stores nothing': 'takes ACLs with names that S3 does not have',
		'a put names the ETag that the object then has':
			'gives an object that came in parts the MD5 of its content as ETag',
		'headers and metadata of a single upload are kept': 'drops Cache-Control and Content-Language',
		'headers and metadata of a multipart upload are kept':
			'drops Cache-Control and Content-Language',
		'a get reads under conditions': 'ignores If-Match',
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a listing says of an object what it is': 'names no storage class',
		'a listing rolls keys up to common prefixes, in order with the others':
			'lists a key that ends with the delimiter beside its common prefix',
		'a listing names owners when it is asked to': 'names no owners',
		'keys of any kind make the round trip unchanged, path style':
			'lists control characters in keys as U+FFFD',
		'a head is what a get says of the object': 'names another version with HEAD than with GET',
		'a head comes with the tags': 'has no call to get tags, and sends the object instead',
		'a head of a version is that of this version':
			'has no call to get tags, and sends the object instead',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'breaks the connection off when a deleted object is read',
		'versions and markers are deleted with others':
			'does not say that a version was a delete marker',
		'the tags of an object are those it was put with, or none':
			'has no call to get tags, and sends the object instead',
		'tags are merged, replaced and removed':
			'has no call to get tags, and sends the object instead',
		'the tags of nothing are not found': 'has no call to get tags, and sends the object instead',
		'each version has tags of its own': 'has no call to get tags, and sends the object instead',
		'a failure tells a wrong secret': 'takes every key and signature',
		'a failure tells a wrong access key': 'takes every key and signature',
		'a get gives the tags of the object, and of an older version those that it has':
			'has no call to get tags, and sends the object instead',
		'a get gives the tags of what it reads, also if the object is replaced in between':
			'has no call to get tags, and sends the object instead',
		'ten tags of the longest names and values are kept':
			'has no call to set tags, and stores the list of tags in the place of the object',
		'tags with characters that S3 does not take are refused':
			'has no call to set tags, and stores the list of tags in the place of the object',
		'versions of more than one page are all listed once, also those of a key on two pages':
			'names no delete marker when objects are deleted together',
		'deleted objects come back from under their delete markers, with content and metadata':
			'breaks the connection off when a deleted object is read',
		'an object comes back however often it was deleted':
			'breaks the connection off when a deleted object is read',
		'a receipt brings back what it lists and nothing else':
			'breaks the connection off when a deleted object is read',
		'versions of a moment come back over newer ones, with metadata, tags and storage class, however large':
			'lists versions the oldest first',
		'a delete while versions are suspended puts a marker for the version null and keeps the older ones':
			'forgets versions of an object that is replaced while versions are suspended',
		'a copy has the bytes, content headers, metadata and tags of its source':
			'has no call to get tags, and sends the object instead',
		'a copy has new metadata and tags, or none':
			'has no call to get tags, and sends the object instead',
		'a copy onto itself changes metadata': 'has no call to get tags, and sends the object instead',
		'a copy in parts has all bytes, content headers, metadata and tags of its source':
			'has no call to get tags, and sends the object instead',
		'a copy of an object under a customer’s own key needs that key, and may have another':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an object under a customer’s own key stays so in another storage class and another place':
			'copies the storage class of an object, too',
		'a copy of no bytes is one request, whatever the threshold':
			'has no call to get tags, and sends the object instead',
		'a copy only if different is skipped if size and checksum are the same':
			'gives back the checksum that came with an object, and compares it with nothing',
		'a copy of an old version has its bytes': 'copies the newest version, whichever is asked for',
		'a version in another storage class is the newest, and the old ones stay':
			'copies the newest version, whichever is asked for',
		'a copy is not locked as its source is, and an object in another storage class is':
			'locks nothing, though it gives the lock of an object back, also that of a copy',
		'a copy does not have the redirect of its source, and an object in another storage class keeps it':
			'copies the website redirect of an object, too',
		'an object in another storage class has all it had':
			'has no call to get tags, and sends the object instead',
		'a large object goes to another storage class in parts, with all it had':
			'has no call to get tags, and sends the object instead',
		'a move in a bucket with versions deletes the version that it has copied, if it is asked to':
			'breaks the connection off when a deleted object is read',
		'a copy of no bytes to another server and back has all that its source has':
			'has no call to get tags, and sends the object instead',
		'a copy of few bytes to another server and back has all that its source has':
			'has no call to get tags, and sends the object instead',
		'a copy of many bytes to another server and back has all that its source has':
			'has no call to get tags, and sends the object instead',
		'a lock stops the deletion of its version and no other, until governance is bypassed':
			'locks nothing, though it gives the lock of an object back, also that of a copy',
		'locked versions are deleted with all others of a prefix only if governance is bypassed':
			'locks nothing, though it gives the lock of an object back, also that of a copy',
		'an archived object is read, copied and put into another class when it was restored':
			'reads objects in archives at once',
		'a link that was changed, or used with another method, is refused':
			'takes every key and signature',
		'a link that has expired is refused': 'takes every key and signature',
		'a link to upload takes what was signed and nothing else': 'takes every key and signature',
		'a link works for an object under a customer’s own key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a form stores a file under the conditions that were signed':
			'ignores the conditions of an upload form, and what it is to answer',
		'a form that was changed or has expired is refused': 'takes every key and signature',
		'a form with a prefix names the object after the file, and sends the browser on':
			'ignores the conditions of an upload form, and what it is to answer',
		'an append to a small object keeps its headers, metadata and tags':
			'drops Cache-Control and Content-Language',
		'an append to a large object keeps its headers, metadata and tags':
			'drops Cache-Control and Content-Language',
		'an append to a small secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append to a large secret under a customer’s own key is under that key, too':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'an append drops the tags if it is told to':
			'has no call to get tags, and sends the object instead',
	},
};
