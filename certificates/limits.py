"""How often one may guess about certificates."""

from portal.limits import Limit

UNKNOWN_TOKENS = Limit("unknown-token", times=30, seconds=600)  # by network address
WRONG_SURNAMES = Limit("wrong-surname", times=10, seconds=600)  # by network address
# by certificate asked about and network address: whoever guesses shuts out themselves alone
WRONG_SURNAMES_OF_ONE = Limit("wrong-surname-of", times=20, seconds=3600)
# by certificate asked about, from everywhere: against guessing from many addresses
WRONG_SURNAMES_FROM_ALL = Limit("wrong-surname-from-all", times=300, seconds=3600)
