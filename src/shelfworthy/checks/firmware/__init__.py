"""Questions about firmware images: who may change what runs?"""
