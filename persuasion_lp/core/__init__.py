"""What every family shares: the registry, results, certificates, settings, orders, forms."""
