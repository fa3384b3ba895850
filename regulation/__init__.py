"""The regulation of the customer-service centre as code.

Pure: the standard library only, time is an argument, nothing is read and nothing is written. Every verdict
names the article it follows from, the evidence it rests on and the version of the limits it used.
"""
