// SPDX-License-Identifier: Apache-2.0
/// Bytes that survive a crash: sequential writes, positional reads, checksums, atomic publish.
package dev.varve.storage.file;
