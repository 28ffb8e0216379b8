"""What a batch pays, as files that a bank reads (付款导出), never to a doubtful account."""
