// SPDX-License-Identifier: Apache-2.0
/// Arrow's IPC format: messages of schemas and batches, both ways.
package dev.varve.storage.format.arrow;
