'use strict';

/** The trigger, simulated with all seeds, and in a real n8n that is killed: `npm run test:trigger`. */
module.exports = {
	...require('./jest.config.js'),
	testMatch: ['<rootDir>/test/trigger/simulation.test.ts', '<rootDir>/test/trigger/killed.n8n.ts'],
	globalSetup: '<rootDir>/test/servers/n8n/installBoth.ts',
	// n8n takes a while to start.
	testTimeout: 300_000,
	maxWorkers: 2,
	// After a failed start there are processes and sockets that nobody closes any more.
	forceExit: true,
};
