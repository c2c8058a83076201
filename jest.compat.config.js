'use strict';

/** The behaviour suite on a server of `npm run test:compat`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/compat/suite.ts'],
	testTimeout: 60_000,
};
