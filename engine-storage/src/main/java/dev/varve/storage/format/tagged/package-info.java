// SPDX-License-Identifier: Apache-2.0
/// Rows whose values carry tags that say what they are: MessagePack and BSON.
package dev.varve.storage.format.tagged;
