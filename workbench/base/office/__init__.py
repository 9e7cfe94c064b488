"""What every reader of Office files needs: an XML parser for files of strangers, and the body of a Word document as it is seen."""
