package dev.mixdown.registry.catalog;

import dev.mixdown.registry.databases.DatabaseAddress;

/**
 * Where a catalog is.
 *
 * @param named whether a user named it; a file that nobody named is mixdown's own, and may be made
 *     anew where it is damaged
 */
public record CatalogPlace(DatabaseAddress address, boolean named) {}
