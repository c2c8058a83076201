'use strict';

/** The behaviour suite on another S3 server: `npm run test:conformance`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/behaviour/conformance.ts'],
	testTimeout: 60_000,
};
