// SPDX-License-Identifier: Apache-2.0
/// Values as few bytes: light encodings chosen per granule by what its values are, a dictionary per
/// block, and a general compressor over them where it pays. `docs/format/part.md` draws the bytes.
package dev.varve.storage.codec;
