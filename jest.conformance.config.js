'use strict';

/** What needs other programs than Node: the behaviour suite on another S3 server, a real proxy, and what docs/ says. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: [
		'<rootDir>/test/behaviour/conformance.ts',
		'<rootDir>/test/{docs,engine}/*.conformance.ts',
	],
	testTimeout: 60_000,
};
