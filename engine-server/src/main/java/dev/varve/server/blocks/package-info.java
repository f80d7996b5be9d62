// SPDX-License-Identifier: Apache-2.0
/// ClickHouse's compressed blocks: LZ4 or ZSTD behind a 128-bit checksum, as its clients send and
/// expect them over HTTP.
package dev.varve.server.blocks;
