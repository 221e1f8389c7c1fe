// Every suite that runs in a trusted workspace, in this order.

import './start.test.ts';
import './server.test.ts';
