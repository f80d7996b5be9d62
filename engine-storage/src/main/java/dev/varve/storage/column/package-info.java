// SPDX-License-Identifier: Apache-2.0
/// Columns as declared, and columns as bytes: what is known of a granule's values without reading
/// them, and the blocks that hold them.
package dev.varve.storage.column;
