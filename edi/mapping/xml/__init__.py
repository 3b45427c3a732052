"""What UBL, cXML and FatturaPA have in common: shapes of records in XML, read and written from the same description."""
