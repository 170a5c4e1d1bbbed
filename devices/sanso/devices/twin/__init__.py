"""The appliance's end of a serial line, so that everything can be tried without hardware."""
