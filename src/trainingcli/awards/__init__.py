"""Awards of bases and studios (基地、工作室补助), 二(七): claims without people, through the same books."""
