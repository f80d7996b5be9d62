// SPDX-License-Identifier: Apache-2.0
/// Programs that others wrote, unmodified, doing their work through the driver at a server.
package dev.varve.consumers;
