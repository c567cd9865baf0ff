"""How importance flows along declared influences between criteria."""
