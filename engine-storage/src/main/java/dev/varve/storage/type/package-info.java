// SPDX-License-Identifier: Apache-2.0
/// What a column may hold: the data types, their names in SQL, and how a value lies in memory.
package dev.varve.storage.type;
