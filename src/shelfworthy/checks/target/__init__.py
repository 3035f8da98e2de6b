"""Questions about devices that take firmware over the network: do they run what they must not?"""
