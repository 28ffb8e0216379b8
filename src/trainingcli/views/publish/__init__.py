"""What is published (公示公开, 三(四)(九)): a file a document; each becomes a workbook and one page for citizens."""
